/** A service of a load balancer, as the API shows it. */
export interface LoadBalancerService {
  protocol: "tcp" | "http" | "https";
  /** Names the service within its load balancer. */
  listen_port: number;
  destination_port: number;
  proxyprotocol: boolean;
  /** Of http and https only. */
  http?: HttpOptions;
  health_check: HealthCheck;
}

export interface HttpOptions {
  cookie_name: string;
  /** Seconds. */
  cookie_lifetime: number;
  /** Ids. */
  certificates: number[];
  redirect_http: boolean;
  sticky_sessions: boolean;
  /** Seconds. */
  timeout_idle: number;
}

export interface HealthCheck {
  protocol: "tcp" | "http";
  port: number;
  /** Seconds. */
  interval: number;
  /** Seconds. */
  timeout: number;
  retries: number;
  /** Of http only. */
  http?: HealthRequest;
}

/** The request of a health check by HTTP, and the answer that it wants. */
export interface HealthRequest {
  domain: string | null;
  path: string;
  response: string;
  /** `2??`, `30*`, `200`. */
  status_codes: string[];
  tls: boolean;
}
