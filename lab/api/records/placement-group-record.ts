export interface PlacementGroupRecord {
  id: number;
  name: string;
  type: "spread";
  labels: Record<string, string>;
  created: string;
}
