/** The name under which a bridge's things are kept on its host. */
export const bridgeObject = (bridge: string): string => `bridge/${bridge}`;
