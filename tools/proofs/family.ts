/** What is shown of one address family of a machine; `npm start -- --json` prints one per family. */
export interface FamilyProof {
  /** The machine's own public address. */
  address: string;
  pingFromClient: boolean;
  tcpFromClient: boolean;
  /** The source that the machine's sshd saw: the client's true address, so nothing translated on the way in. */
  sourceSeenByMachine: string;
  clientAddress: string;
  /** The source that the client saw when the machine connected out: the machine's address, so nothing translated on the way out. */
  sourceSeenByClient: string;
}

/** Whether all four proofs hold. */
export function holds(proof: FamilyProof): boolean {
  return (
    proof.pingFromClient &&
    proof.tcpFromClient &&
    proof.sourceSeenByMachine === proof.clientAddress &&
    proof.sourceSeenByClient === proof.address
  );
}
