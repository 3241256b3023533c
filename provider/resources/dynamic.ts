import type * as pulumi from "@pulumi/pulumi";
import { hostKeySecretNames } from "../model/secret-names";
import { Delegate } from "./delegate";

/** Two key pairs for a new server: one for user data, one that replaces it on first contact. Opens no connection. */
export class HostKeyResource extends Delegate {
  declare readonly bootPrivateKey: pulumi.Output<string>;
  declare readonly bootPublicKey: pulumi.Output<string>;
  declare readonly privateKey: pulumi.Output<string>;
  declare readonly publicKey: pulumi.Output<string>;

  constructor(name: string, options: pulumi.CustomResourceOptions) {
    const outputs = {
      bootPrivateKey: undefined,
      bootPublicKey: undefined,
      privateKey: undefined,
      publicKey: undefined,
    };
    const additionalSecretOutputs = hostKeySecretNames;
    super("HostKey", "hostKey", name, { ...outputs, stateVersion: 1 }, { ...options, additionalSecretOutputs });
  }
}

/** What is prepared on the host itself. */
export class HostResource extends Delegate {
  declare readonly ipv4: pulumi.Output<string>;
  declare readonly ipv6Network: pulumi.Output<string>;
  declare readonly uplinkName: pulumi.Output<string>;
  declare readonly os: pulumi.Output<string>;
  declare readonly systemdVersion: pulumi.Output<string>;
  declare readonly wireguardKey: pulumi.Output<string | undefined>;

  constructor(name: string, args: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    const outputs = {
      ipv4: undefined,
      ipv6Network: undefined,
      uplinkName: undefined,
      os: undefined,
      systemdVersion: undefined,
      wireguardKey: undefined,
    };
    super("NspawnHost", "nspawnHost", name, { ...outputs, ...args }, options);
  }
}

/** The bridge's files and its live state. */
export class BridgeResource extends Delegate {
  constructor(name: string, args: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    super("BridgeNetwork", "bridgeNetwork", name, args, options);
  }
}

/** The host's side of a floating address: its proxy entry on the uplink. */
export class FloatingIpResource extends Delegate {
  constructor(name: string, args: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    super("FloatingIp", "floatingIp", name, args, options);
  }
}

/** An image that is made of a machine. */
export class MachineImageResource extends Delegate {
  declare readonly fingerprint: pulumi.Output<string>;
  declare readonly bytes: pulumi.Output<number>;
  declare readonly date: pulumi.Output<string>;

  constructor(name: string, args: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    const outputs = { fingerprint: undefined, bytes: undefined, date: undefined };
    super("MachineImage", "machineImage", name, { ...outputs, ...args }, options);
  }
}

/** A machine: its tree, its files, its unit, its routes. */
export class MachineResource extends Delegate {
  declare readonly macAddress: pulumi.Output<string>;
  declare readonly os: pulumi.Output<string>;
  /** As found, where the LAN gave them. */
  declare readonly ipv4: pulumi.Output<string | undefined>;
  declare readonly ipv6: pulumi.Output<string | undefined>;
  /** A line for each way. */
  declare readonly reachability: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: pulumi.Inputs, options: pulumi.CustomResourceOptions) {
    const outputs = { macAddress: undefined, os: undefined, ipv4: undefined, ipv6: undefined, reachability: undefined };
    super("NspawnMachine", "nspawnMachine", name, { ...outputs, ...args }, options);
  }
}
