/** One line of a program: a closed union of data. What each does on the host is in script/. Absent values are `-`. */
export type Step =
  | { verb: "preflight"; megabytes: number }
  | { verb: "cloud_init" }
  | { verb: "host_key"; privateText: string; publicText: string }
  | { verb: "own"; key: string; owner: string }
  | { verb: "lock" }
  | { verb: "unlock" }
  | { verb: "own_address"; address: string; link: string }
  | { verb: "vacant"; addresses: string }
  | { verb: "begin"; key: string; former: string; confirm: "yes" | "no" }
  | { verb: "commit" }
  | { verb: "confirm" }
  | { verb: "await_applied"; key: string }
  | { verb: "approve"; key: string }
  | { verb: "claim"; key: string; former: string; adopt: "yes" | "no"; record: string }
  | { verb: "keep_names" }
  | { verb: "remember"; unit: string }
  | { verb: "package"; name: string; need: "required" | "if-there-is" }
  | { verb: "install" }
  | { verb: "guard_link"; link: string; path: string }
  | { verb: "file"; path: string; mode: string; text: string }
  | { verb: "prune" }
  | { verb: "settle" }
  | { verb: "guard_uplink"; uplink: string; link: string; foreign: "yes" | "no" }
  | { verb: "enslave"; uplink: string; link: string }
  | { verb: "hand_back"; link: string }
  | { verb: "unit"; unit: string; enabled: string; active: string }
  | { verb: "stub_resolver" }
  | { verb: "asleep" }
  | { verb: "still_asleep" }
  | { verb: "uplink" }
  | { verb: "sysctls"; path: string; limits: string }
  | { verb: "authorized_keys"; user: string; text: string }
  | { verb: "bridge_up"; link: string; mtu: number | "-" }
  | { verb: "link_size"; link: string; mtu: string }
  | { verb: "only_addresses"; link: string; addresses: string }
  | { verb: "quiet_uplink" }
  | { verb: "only_ours"; bridge: string }
  | { verb: "filter"; bridge: string }
  | { verb: "unload_filter"; bridge: string }
  | { verb: "free_addresses"; addresses: string }
  | { verb: "await_address"; link: string; address: string }
  | { verb: "await_route"; link: string; destination: string; gateway: string }
  | { verb: "await_answer"; link: string; address: string }
  | { verb: "await_neighbour"; link: string; address: string; mac: string }
  | { verb: "controllers"; names: string; optional: "yes" | "no" }
  | { verb: "mount_sources"; key: string; text: string }
  | { verb: "remember_mounts"; text: string }
  | { verb: "limits"; unit: string; names: string }
  | { verb: "image"; hash: string; machine: string; host: string; kind: "debootstrap" | "tarball"; source: string }
  | { verb: "tree"; machine: string; hash: string }
  | { verb: "guest_file"; path: string; mode: string; text: string }
  | { verb: "guest_link"; path: string; target: string }
  | { verb: "guest_resolver"; machine: string; families: "4" | "6" | "46" }
  | { verb: "guest_password"; text: string }
  | { verb: "publish"; machine: string }
  | { verb: "enable"; machine: string; enabled: "yes" | "no" }
  | { verb: "machine"; machine: string; running: "yes" | "no" }
  | { verb: "port"; port: string; link: string; how: string; mac: string }
  | { verb: "await_lan"; machine: string }
  | { verb: "await_ready"; machine: string; seconds: number }
  | { verb: "probe"; machine: string; link: string; address: string; kinds: string }
  | { verb: "probe_names"; machine: string }
  | { verb: "retire"; key: string; machine: string; how: "trash" | "delete" | "keep" }
  | { verb: "drop_link"; key: string; link: string }
  | { verb: "unused"; key: string }
  | { verb: "release"; key: string }
  | { verb: "finish_release"; key: string }
  | { verb: "at_home"; machine: string }
  | { verb: "whereabouts"; key: string; machine: string }
  | { verb: "catalogue"; machine: string; place: "home" | "incoming" }
  | { verb: "send"; machine: string; paths: string }
  | { verb: "incoming"; key: string; machine: string; paths: string }
  | { verb: "receive"; machine: string; since: number }
  | { verb: "depart"; key: string; machine: string; destination: string }
  | { verb: "return"; machine: string; enabled: "yes" | "no"; running: "yes" | "no" }
  | { verb: "departed"; machine: string }
  | { verb: "arrive"; machine: string }
  | { verb: "arrived"; machine: string }
  | { verb: "withdraw"; key: string; machine: string }
  | { verb: "facts"; key: string };
