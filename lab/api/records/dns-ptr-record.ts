/** A reverse DNS entry that somebody set. */
export interface DnsPtrRecord {
  ip: string;
  dns_ptr: string;
}
