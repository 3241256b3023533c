export { bridgeNetwork } from "./bridge-network";
export { floatingIp } from "./floating-ip";
export { hostKey } from "./host-key";
export { nspawnHost } from "./nspawn-host";
export { nspawnMachine } from "./nspawn-machine";
