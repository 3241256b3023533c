interface Iso {
  id: number;
  name: string;
  description: string;
  type: "public";
  /** Null: any. */
  architecture: "x86" | "arm" | null;
  deprecation: null;
}

type Row = [id: number, name: string, description: string, architecture: Iso["architecture"]];

/** A few, for programs that look one up; nothing boots from them. Names and ids are the lab's own. */
const rows: Row[] = [
  [1301, "debian-13-amd64-netinst.iso", "Debian 13 (amd64/netinstall)", "x86"],
  [1302, "debian-13-arm64-netinst.iso", "Debian 13 (arm64/netinstall)", "arm"],
  [1303, "debian-12-amd64-netinst.iso", "Debian 12 (amd64/netinstall)", "x86"],
  [1304, "ipxe.iso", "iPXE", null],
];

export const isos: Iso[] = rows.map(([id, name, description, architecture]) => ({
  id,
  name,
  description,
  type: "public",
  architecture,
  deprecation: null,
}));
