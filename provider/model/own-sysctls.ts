/** Settings without which nothing is forwarded or answered for. They are also live facts of a host. */
export const ownSysctls: Readonly<Record<string, string>> = {
  "net.ipv4.ip_forward": "1",
  "net.ipv6.conf.all.forwarding": "1",
  "net.ipv6.conf.all.proxy_ndp": "1",
};

/**
 * The least that some hundred machines on one host need: limits are raised to it and never lowered; a program may set
 * others. Not live facts: a kernel may lack them, and a host that is itself a container shares them with others.
 * `kernel.unprivileged_userns_clone` (S1.15) is not among them: Debian has it on since 11, and who switched it off meant it.
 */
export const limitSysctls: Readonly<Record<string, string>> = {
  "fs.inotify.max_user_instances": "8192",
  "fs.inotify.max_user_watches": "1048576",
  "net.ipv4.neigh.default.gc_thresh1": "1024",
  "net.ipv4.neigh.default.gc_thresh2": "4096",
  "net.ipv4.neigh.default.gc_thresh3": "8192",
  "net.ipv6.neigh.default.gc_thresh1": "1024",
  "net.ipv6.neigh.default.gc_thresh2": "4096",
  "net.ipv6.neigh.default.gc_thresh3": "8192",
};
