export interface SshKeyRecord {
  id: number;
  name: string;
  /** Colon-separated MD5 of the key's blob. */
  fingerprint: string;
  public_key: string;
  labels: Record<string, string>;
  created: string;
}
