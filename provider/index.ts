export { NspawnHost } from "./resources/nspawn-host";
export type { HostStorageArgs, NspawnHostArgs } from "./resources/host-args";
export type { CloudPlace, ExportedHost, Host } from "./resources/host";
export { BridgeNetwork, type BridgeNetworkArgs } from "./resources/bridge-network";
export { bridgeNetworks, type BridgeNetworksArgs } from "./resources/bridge-networks";
export type { BridgeVxlanArgs, VxlanPeer } from "./resources/vxlan-peer";
export type { Reachability } from "./model/reachability";
export type { ServerPlace } from "./resources/private-network";
export type { Attach, Isolation, Mode } from "./model/mode";
export { FloatingIp, type FloatingIpArgs } from "./resources/floating-ip";
export { NspawnMachine } from "./resources/nspawn-machine";
export { MachineImage, type MachineImageArgs } from "./resources/machine-image";
export { MachineFleet } from "./resources/machine-fleet";
export type {
  FleetGap,
  FleetHost,
  FleetMember,
  FleetShare,
  FleetTemplate,
  MachineFleetArgs,
} from "./resources/fleet-args";
export { DnsRecords, type DnsRecordsArgs } from "./resources/dns-records";
export type {
  FirewallRule,
  MachineHealth,
  MachineNetwork,
  NspawnMachineArgs,
  Profile,
  ReadyConditions,
} from "./resources/machine-args";
export type { MachineProvision, MachineUser, ProvisionFile, ProvisionUnit } from "./resources/machine-provision";
export type {
  MachineExecSettings,
  MachineFilesSettings,
  MachineLimits,
  MachineMount,
  MachineSettings,
} from "./resources/machine-settings";
export type { SshArgs } from "./resources/ssh";
export {
  image,
  debuggingPackages,
  type DebootstrapImageArgs,
  type DirectoryImageArgs,
  type ImageSignature,
  type MachineImageSource,
  type TarballImageArgs,
} from "./resources/image";
export { NspawnError, type ErrorCode } from "./errors";
