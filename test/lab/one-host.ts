import type { Properties } from "../support/driver";
import type { Lab } from "../support/harness";
import { TwoHosts } from "./two-hosts";
import { debian } from "../support/debian";

/** Packages beside the usual ones of a guest that somebody works in. */
const guestPackages = [
  ...["apt", "cron", "kmod", "libpam-systemd", "netcat-openbsd", "openssh-server", "procps", "python3", "sudo"],
];

/** A lab with one prepared host and a bridge, for tests of what is inside machines. */
export class OneHost extends TwoHosts {
  constructor(lab: Lab) {
    super(lab, ["one"]);
  }

  /** Host and bridge; the bridge has whatever a test adds. */
  async prepare(bridge: Properties = {}): Promise<void> {
    await this.start();
    await this.must("nspawnHost", "host", {
      ...this.common("host", "one", "one"),
      ...{ packages: [], sysctls: {}, resolved: true, adopt: false },
    });
    await this.must("bridgeNetwork", "bridge", this.bridge(bridge));
  }

  bridge(changes: Properties = {}): Properties {
    return {
      ...this.common("bridge", "br0", "one"),
      ...{ bridge: "br0", mode: "routed", isolation: "tenant", ipv4: this.host("one").ipv4, adopt: false },
      ...changes,
    };
  }

  /** Brings something up, and fails with what it says. */
  async must(kind: string, key: string, args: Properties): Promise<void> {
    const { error } = await this.up(kind, key, args);
    if (error !== undefined) throw new Error(error.message);
  }

  machine(name: string, address: string | undefined, changes: Properties = {}): Properties {
    const addresses = address === undefined ? [] : [{ address, host: "p/s/host/one", proxied: true }];
    return {
      ...this.common("machine", name, "one"),
      ...{ name, hostname: name, onDelete: "delete", confined: true },
      networks: [
        { bridge: "br0", host: "p/s/host/one", isolation: "tenant", gateway4: this.host("one").ipv4, addresses },
      ],
      image: { kind: "debootstrap", suite: debian.suite, packages: guestPackages },
      ...changes,
    };
  }

  /** What a shell text says that runs as root inside a machine; its failure is told in the text's own words. */
  async inside(machine: string, text: string): Promise<string> {
    const argv = ["systemd-run", "-q", "--wait", "--pipe", "--collect", `--machine=${machine}`, "/bin/sh", "-s"];
    const { code, output, stdout } = await this.lab.exec("one", argv, text);
    if (code !== 0) throw new Error(`in ${machine}, exit code ${code}:\n${output}`);
    return stdout.trim();
  }

  /** The properties of a machine as the host has them now; what `refresh` does. */
  async refresh(key: string): Promise<Properties> {
    const held = this.state.get(key);
    const answer = await this.call("", "nspawnMachine", "read", held?.id, held?.outs);
    const { inputs, props, id } = answer?.value ?? ({} as never);
    this.state.set(key, { id, inputs, outs: { ...props, __provider: "test" } });
    return inputs;
  }
}
