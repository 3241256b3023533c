import type * as pulumi from "@pulumi/pulumi";
import { imageDefaults } from "../model/defaults";

/** Arguments of {@link image.debootstrap}. */
export interface DebootstrapImageArgs {
  /** A released Debian suite, such as `trixie`. A moving name (`stable`) is refused: two hosts would differ. */
  suite: pulumi.Input<string>;
  /** Default `http://deb.debian.org/debian`; packages are verified by Debian's signatures in any case. */
  mirror?: pulumi.Input<string>;
  /** Default `minbase`. */
  variant?: pulumi.Input<string>;
  /** Added to what a machine needs to boot and to be reached: systemd, dbus, iproute2, ping. */
  packages?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Public keys that sign the suite: an armored OpenPGP block, or a keyring on the host such as
   * `/usr/share/keyrings/ubuntu-archive-keyring.gpg`. Default: Debian's own. What they did not sign is never unpacked.
   */
  keyring?: pulumi.Input<string>;
}

/** Who has to have signed a tarball. Keys are not looked up anywhere, and gpgv knows no revocation or expiry of them. */
export interface ImageSignature {
  /** Public keys, one of which has to have signed: an armored OpenPGP block, or a keyring on the host. */
  keyring: pulumi.Input<string>;
  /** The detached signature, armored. This or `url`. */
  text?: pulumi.Input<string>;
  /** Where the host fetches the detached signature, armored or not; the rules are those of the tarball's own URL. */
  url?: pulumi.Input<string>;
}

/** Arguments of {@link image.tarball}. */
export interface TarballImageArgs {
  /** https URL of a tar archive (gzip, xz, zstd or plain), which the host fetches; without credentials or query. This or `path`. */
  url?: pulumi.Input<string>;
  /** The archive as a file on the host. This or `url`. */
  path?: pulumi.Input<string>;
  /** The archive's SHA-256 sum, 64 hexadecimal digits. */
  sha256: pulumi.Input<string>;
  /** A signature of the archive that has to be good as well. */
  signature?: ImageSignature;
  /** Let URLs lead to private addresses: an image server of one's own. Link-local ones stay refused. Default false. */
  allowPrivate?: pulumi.Input<boolean>;
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

/** Where a machine's tree comes from. Built once per host and content, then cloned. */
export type MachineImageSource = DebootstrapSource | TarballSource;

/** Sources of images. */
export const image = {
  /** An image that debootstrap(8) makes on the host from Debian's signed packages. S1.25. */
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
   * A tree in a tar archive that boots systemd, with systemd-networkd. It is verified before it is unpacked, and unsafe
   * entries are refused (docs/images.md): the host gets `curl` and `ca-certificates` for it if it lacks them. Another sum
   * replaces the machine; another URL of the same archive does not. Errors: NSPAWN_IMAGE, NSPAWN_MIRROR.
   */
  tarball(args: TarballImageArgs): MachineImageSource {
    return { kind: "tarball", ...args };
  },
};

/** The seed's helper packages for a look at a host's network (S1.13, S1R.03); pass them as `packages` of a host. */
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
