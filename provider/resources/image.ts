import type * as pulumi from "@pulumi/pulumi";
import { imageDefaults } from "../model/defaults";

/** Arguments of {@link image.debootstrap}. */
export interface DebootstrapImageArgs {
  /**
   * Code name of a Debian suite, such as `trixie`. A name that moves to the next release (`stable`) is refused, because two
   * hosts would differ.
   */
  suite: pulumi.Input<string>;
  /**
   * http or https URL of a mirror, without credentials. Packages are verified by their signatures in any case. Default
   * `http://deb.debian.org/debian`.
   */
  mirror?: pulumi.Input<string>;
  /** Variant of debootstrap(8): `minbase`, `buildd` or `standard`. Default `minbase`. */
  variant?: pulumi.Input<string>;
  /**
   * Packages beside those that a machine needs to boot and to be reached (`dbus`, `iproute2`, `iputils-ping`, `systemd`,
   * `systemd-sysv`). Default: none.
   */
  packages?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * OpenPGP public keys that sign the suite: an armored block, or a keyring on the host such as
   * `/usr/share/keyrings/ubuntu-archive-keyring.gpg`. Packages without their signature are never unpacked. Default:
   * Debian's archive keys.
   */
  keyring?: pulumi.Input<string>;
}

/**
 * Who must have signed a tarball. The host verifies with gpgv(1), which looks up no keys and knows neither their expiry nor
 * their revocation. Give either `text` or `url`.
 */
export interface ImageSignature {
  /** OpenPGP public keys, one of which must have signed: an armored block, or a keyring on the host. */
  keyring: pulumi.Input<string>;
  /** The detached signature, armored. */
  text?: pulumi.Input<string>;
  /** URL of the detached signature, armored or binary; the rules for the tarball's `url` apply. */
  url?: pulumi.Input<string>;
}

/** Arguments of {@link image.tarball}. Give one of `url`, `path` and `localPath`. */
export interface TarballImageArgs {
  /**
   * https URL from which the host fetches the tar archive (plain, gzip, xz or zstd); without credentials or query. 4 GiB at
   * most.
   */
  url?: pulumi.Input<string>;
  /** Path of the archive on the host; no symbolic link. */
  path?: pulumi.Input<string>;
  /**
   * Path of the archive on the machine that runs the program, absolute or below `~/`. It is sent to each host once for its
   * content, over the SSH connection that is there; afterwards the file is not needed. Make a path of one beside the program by
   * `path.resolve(__dirname, "web.tar.gz")`.
   */
  localPath?: pulumi.Input<string>;
  /**
   * SHA-256 sum of the archive, 64 hexadecimal digits. Another sum replaces the machine. Required with `url` and `path`;
   * default with `localPath`: that of the file, as it is found at each preview and `up`.
   */
  sha256?: pulumi.Input<string>;
  /** A signature of the archive that must be valid as well. Default: none. */
  signature?: ImageSignature;
  /** Allow URLs to resolve to private addresses, but never to link-local ones. Default false. */
  allowPrivate?: pulumi.Input<boolean>;
}

/** Arguments of {@link image.directory}. */
export interface DirectoryImageArgs {
  /** Absolute path of the directory on the host; no symbolic link leads there. */
  path: pulumi.Input<string>;
  /**
   * What its content is called. The host copies the directory once for each path and version: another version makes the image anew
   * and replaces the machine; a changed directory alone changes nothing. Default: none.
   */
  version?: pulumi.Input<string>;
}

export interface DebootstrapSource {
  kind: "debootstrap";
  suite: pulumi.Input<string>;
  mirror: pulumi.Input<string>;
  variant: pulumi.Input<string>;
  packages: pulumi.Input<pulumi.Input<string>[]>;
  keyring?: pulumi.Input<string>;
}

interface TarballSource extends TarballImageArgs {
  kind: "tarball";
}

interface DirectorySource extends DirectoryImageArgs {
  kind: "directory";
}

interface PublishedSource {
  kind: "published";
  name: string;
  version: string;
}

/** What makes an image, which its machines wait for. */
const makers = new WeakMap<MachineImageSource, pulumi.Resource>();

/** Notes what makes an image. @internal */
export function madeBy(maker: pulumi.Resource, source: MachineImageSource): MachineImageSource {
  makers.set(source, maker);
  return source;
}

/** What a machine waits for before it can be made of an image. @internal */
export function makersOf(source: MachineImageSource): pulumi.Resource[] {
  return [makers.get(source) ?? []].flat();
}

/**
 * Where a machine's root file system comes from: what a function of {@link image} returns. The image is built once per
 * host and content, then cloned for each machine.
 */
export type MachineImageSource = DebootstrapSource | TarballSource | DirectorySource | PublishedSource;

/**
 * Sources of images; see docs/images.md.
 *
 * @example
 * ```ts
 * const debian = nspawn.image.debootstrap({ suite: "trixie", packages: ["nginx-light"] });
 * const archive = nspawn.image.tarball({
 *   url: "https://images.example.org/web-1.4.tar.zst",
 *   sha256: "3f0a4b5c6d7e8f90112233445566778899aabbccddeeff00123456789abcdef0",
 * });
 * ```
 */
export const image = {
  /**
   * An image that debootstrap(8) builds on the host from signed Debian packages. Errors: `NSPAWN_MIRROR`,
   * `NSPAWN_DISK_FULL`, `NSPAWN_INVALID_INPUT`.
   *
   * @param args suite, mirror and packages
   * @returns an image for machines
   */
  debootstrap(args: DebootstrapImageArgs): MachineImageSource {
    return {
      kind: "debootstrap",
      suite: args.suite,
      mirror: args.mirror ?? imageDefaults.mirror,
      variant: args.variant ?? imageDefaults.variant,
      packages: args.packages ?? [],
      keyring: args.keyring,
    };
  },
  /**
   * An image from a tar archive. It must boot systemd with systemd-networkd. The host verifies the archive before it
   * unpacks it and refuses unsafe entries (docs/images.md); programs that this takes, such as `curl` and
   * `ca-certificates`, are installed on the host if it lacks them. Another sum replaces the machine, another URL of the
   * same archive does not. Errors: `NSPAWN_IMAGE`, `NSPAWN_MIRROR`, `NSPAWN_INVALID_INPUT`.
   *
   * @param args where the archive is, and its sum
   * @returns an image for machines
   */
  tarball(args: TarballImageArgs): MachineImageSource {
    return { kind: "tarball", ...args };
  },
  /**
   * An image from a directory on the host, such as one that mmdebstrap(1) has made there. It is copied, inspected as an
   * archive is (docs/images.md), and then not read again. Errors: `NSPAWN_IMAGE`, `NSPAWN_DISK_FULL`, `NSPAWN_INVALID_INPUT`.
   *
   * @param args where the directory is, and what its content is called
   * @returns an image for machines
   */
  directory(args: DirectoryImageArgs): MachineImageSource {
    return { kind: "directory", ...args };
  },
  /**
   * The image that a {@link MachineImage} makes; the same as its `image`.
   *
   * @param published what makes it
   * @returns an image for machines of the same host
   */
  from(published: { image: MachineImageSource }): MachineImageSource {
    return published.image;
  },
};

/** Packages for debugging a host's network (`tcpdump`, `traceroute` and others), to pass as {@link NspawnHostArgs.packages}. */
export const debuggingPackages: readonly string[] = [
  "bridge-utils",
  "python3",
  "python3-venv",
  "qemu-guest-agent",
  "tcpdump",
  "telnet",
  "tmux",
  "traceroute",
  "vim",
];
