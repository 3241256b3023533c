/** A running API. */
export interface LabApi {
  /** Takes up interrupted actions, then listens. Port 0: any free one. */
  listen(host: string, port: number): Promise<{ host: string; port: number; endpoint: string }>;
  /** Answers no more; work under way in the backend is waited for, actions still waiting are taken up at the next start. */
  close(): Promise<void>;
}
