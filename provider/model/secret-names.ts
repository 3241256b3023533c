/** Properties that are secret as a whole, whatever resource has them: encrypted in state, and never shown. */
export const secretNames = ["credentials", "rootPassword", "rotation", "secretFiles", "secrets"];

/** Of `nspawn:HostKey`. */
export const hostKeySecretNames = ["bootPrivateKey", "privateKey"];
