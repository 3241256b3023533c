import type { Route } from "./route";

interface Match {
  route: Route;
  params: Record<string, string>;
}

/** Finds the route of a request; literal segments win over `:name`. */
export class Router {
  private readonly routes: { segments: string[]; route: Route }[];

  constructor(routes: Route[]) {
    this.routes = routes
      .map((route) => ({ segments: route.path.split("/"), route }))
      .sort((a, b) => variables(a.segments) - variables(b.segments));
  }

  find(method: string, path: string): Match | "no-method" | undefined {
    const given = path.split("/");
    let known = false;
    for (const { segments, route } of this.routes) {
      const params = matchSegments(segments, given);
      if (!params) continue;
      if (route.method === method) return { route, params };
      known = true;
    }
    return known ? "no-method" : undefined;
  }
}

function variables(segments: string[]): number {
  return segments.filter((segment) => segment.startsWith(":")).length;
}

function matchSegments(segments: string[], given: string[]): Record<string, string> | undefined {
  if (segments.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = given[index] ?? "";
    if (segment.startsWith(":")) {
      if (value === "") return undefined;
      params[segment.slice(1)] = value;
    } else if (segment !== value) return undefined;
  }
  return params;
}
