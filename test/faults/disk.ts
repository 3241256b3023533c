import type { FaultLab } from "./lab";

interface Owner {
  lab: FaultLab;
  /** Where the lab keeps the server. */
  directory: string;
  sh(script: string): Promise<string>;
}

/**
 * The disk of a host: a file system of its own in a file, so that it can be full while this machine's is not. What
 * fills it is reserved and never written, so the file stays small.
 */
export class Disk {
  constructor(private readonly host: Owner) {}

  /** Moves a host that is off from its directory to a disk of 4 GB. */
  async make(): Promise<void> {
    await this.outside(
      `truncate -s 4G disk.img
       mkfs.ext4 -q -F -m 0 -E lazy_itable_init=1,lazy_journal_init=1 disk.img
       mkdir new
       mount -o loop disk.img new
       cp -a root/. new/
       rmdir new/lost+found
       rm -rf --one-file-system root
       mkdir root
       mount --bind new root
       umount new`,
    );
  }

  /**
   * Keeps what changes on a host that is off, for {@link restore}: its files, because other servers were started with a
   * copy of all mounts, so that this disk cannot be let go of.
   */
  async keep(): Promise<void> {
    await this.outside("tar -C root --numeric-owner -cf kept.tar etc root var");
  }

  async restore(): Promise<void> {
    await this.outside("rm -rf root/etc root/root root/var; tar -C root --numeric-owner -xpf kept.tar");
  }

  private async outside(script: string): Promise<void> {
    await this.host.lab.outside(`cd "$1"\n${script}`, this.host.directory);
  }

  /** Not a byte is left for anybody, root included. */
  async fill(): Promise<void> {
    await this.host.sh(
      `fallocate -l "$(df --output=avail -B1 / | tail -n 1)" /var/faults.fill 2>/dev/null || :
       dd if=/dev/zero of=/var/faults.rest bs=4k 2>/dev/null || :`,
    );
  }

  async empty(): Promise<void> {
    await this.host.sh("rm -f /var/faults.fill /var/faults.rest");
  }
}
