import type * as pulumi from "@pulumi/pulumi";
import { imageDefaults } from "../model/defaults";

/** Arguments of {@link image.debootstrap}. */
export interface DebootstrapImageArgs {
  /** A released Debian suite, such as `bookworm`. A moving name (`stable`) is refused: two hosts would differ. */
  suite: pulumi.Input<string>;
  /** Default `http://deb.debian.org/debian`; packages are verified by Debian's signatures in any case. */
  mirror?: pulumi.Input<string>;
  /** Default `minbase`. */
  variant?: pulumi.Input<string>;
  /** Added to what a machine needs to boot and to be reached: systemd, dbus, iproute2, ping. */
  packages?: pulumi.Input<pulumi.Input<string>[]>;
}

/** Where a machine's tree comes from. Built once per host and content, then cloned. */
export interface MachineImageSource {
  kind: "debootstrap";
  suite: pulumi.Input<string>;
  mirror: pulumi.Input<string>;
  variant: pulumi.Input<string>;
  packages: pulumi.Input<pulumi.Input<string>[]>;
}

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
    };
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
