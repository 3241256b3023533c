export interface CertificateRecord {
  id: number;
  name: string;
  type: "uploaded" | "managed";
  /** PEM. The key is not kept. */
  certificate: string | null;
  domainNames: string[];
  fingerprint: string | null;
  notValidBefore: string | null;
  notValidAfter: string | null;
  labels: Record<string, string>;
  created: string;
}
