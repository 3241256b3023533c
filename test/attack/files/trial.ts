/**
 * An attack on files of the host through what root does in the tree of machine A. One try is a step of a program, as it
 * stands in the script for hosts; the control has the same step as it was before (old-way.sh).
 */
export interface FileTrial {
  name: string;
  /** Shell text in the machine before the first try. */
  machine?: string;
  /** A program in the machine that goes on beside the tries: words for python3 in /opt/attack. */
  meanwhile?: string;
  /** Shell text on the host before the first try. */
  host?: string;
  /**
   * One try, as shell text with the functions of either way; `$n` is its number, `$root` the tree. It runs in a shell of its
   * own, so it may fail.
   */
  step: string;
  /** Succeeds when the attack worked. Default: what is in /root/attacked on the host is not as it was. */
  lost?: string;
  /** Shell text in the machine after the last try. */
  after?: string;
  /** The same on the host. */
  hostAfter?: string;
  /** Whether it is won by chance, so that it takes many tries. */
  race: boolean;
}
