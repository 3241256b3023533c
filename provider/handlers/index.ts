export { bridgeNetwork } from "./bridge-network";
export { floatingIp } from "./floating-ip";
export { hostKey } from "./host-key";
export { machineImage } from "./machine-image";
export { nspawnHost } from "./nspawn-host";
export { nspawnMachine } from "./nspawn-machine";
