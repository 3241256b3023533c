/** What `pulumi stack export` prints; only what is counted here. */
export interface Deployment {
  deployment: {
    resources?: { type: string; custom?: boolean; inputs?: object; outputs?: object }[];
  };
}
