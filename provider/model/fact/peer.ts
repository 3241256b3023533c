/** Another host to which a tunnel leads. */
export interface Peer {
  address: string;
  /** The tunnel. */
  link: string;
}

export const peerLine = ({ address, link }: Peer): string => `${address} by ${link}`;
