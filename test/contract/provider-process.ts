import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

/** The generated classes of one SDK, loaded from where that SDK is. */
type Proto = any;

interface Failure {
  property: string;
  reason: string;
}

/** The real process in which the engine runs dynamic providers, started in a program's folder, and driven over gRPC. */
export class ProviderProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: Proto,
    private readonly messages: Proto,
    private readonly struct: Proto,
    private readonly empty: Proto,
    /** What the process said on standard error. */
    readonly said: () => string,
  ) {}

  static async start(folder: string): Promise<ProviderProcess> {
    const entry = join(folder, "node_modules", "@pulumi", "pulumi", "cmd", "dynamic-provider");
    const loader = createRequire(__filename);
    const load = (module: string): Proto => loader(loader.resolve(module, { paths: [entry] }));
    // Nobody listens there: these calls report no progress.
    const child = spawn(process.execPath, [entry, "127.0.0.1:9"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    const port = await firstLine(child, () => stderr);
    const grpc = load("@grpc/grpc-js");
    const sdk = join(folder, "node_modules", "@pulumi", "pulumi", "proto");
    const { ResourceProviderClient } = load(join(sdk, "provider_grpc_pb.js"));
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const struct = load("google-protobuf/google/protobuf/struct_pb");
    const empty = load("google-protobuf/google/protobuf/empty_pb");
    return new ProviderProcess(child, client, load(join(sdk, "provider_pb.js")), struct, empty, () => stderr);
  }

  stop(): void {
    this.client.close();
    this.child.kill("SIGTERM");
  }

  async version(): Promise<string> {
    return (await this.call("getPluginInfo", new this.empty.Empty())).getVersion() as string;
  }

  async configure(config: Record<string, string>): Promise<void> {
    const request = new this.messages.ConfigureRequest();
    request.setArgs(this.struct.Struct.fromJavaScript(config));
    await this.call("configure", request);
  }

  async check(olds: object, news: object): Promise<{ inputs: Record<string, any>; failures: Failure[] }> {
    const request = new this.messages.CheckRequest();
    request.setOlds(this.struct.Struct.fromJavaScript(olds));
    request.setNews(this.struct.Struct.fromJavaScript(news));
    const response = await this.call("check", request);
    const failures = response.getFailuresList() as Proto[];
    return {
      inputs: response.getInputs()?.toJavaScript() ?? {},
      failures: failures.map((one) => ({ property: one.getProperty(), reason: one.getReason() })),
    };
  }

  async diff(id: string, olds: object, news: object): Promise<{ changes: number; replaces: string[] }> {
    const request = new this.messages.DiffRequest();
    request.setId(id);
    request.setOlds(this.struct.Struct.fromJavaScript(olds));
    request.setNews(this.struct.Struct.fromJavaScript(news));
    const response = await this.call("diff", request);
    return { changes: response.getChanges(), replaces: response.getReplacesList() };
  }

  async create(inputs: object): Promise<{ id: string; outputs: Record<string, any> }> {
    const request = new this.messages.CreateRequest();
    request.setProperties(this.struct.Struct.fromJavaScript(inputs));
    const response = await this.call("create", request);
    return { id: response.getId(), outputs: response.getProperties().toJavaScript() };
  }

  async read(
    id: string,
    outputs: object,
  ): Promise<{ id: string; outputs: Record<string, any>; inputs?: Record<string, any> }> {
    const request = new this.messages.ReadRequest();
    request.setId(id);
    request.setProperties(this.struct.Struct.fromJavaScript(outputs));
    const response = await this.call("read", request);
    return {
      id: response.getId(),
      outputs: response.getProperties()?.toJavaScript(),
      inputs: response.getInputs()?.toJavaScript(),
    };
  }

  async delete(id: string, outputs: object): Promise<void> {
    const request = new this.messages.DeleteRequest();
    request.setId(id);
    request.setProperties(this.struct.Struct.fromJavaScript(outputs));
    await this.call("delete", request);
  }

  private call(method: string, request: Proto): Promise<Proto> {
    return new Promise((resolve, reject) => {
      const deadline = { deadline: Date.now() + 30_000 };
      this.client[method](request, deadline, (error: Error | null, response: Proto) =>
        error === null ? resolve(response) : reject(error),
      );
    });
  }
}

function firstLine(child: ChildProcess, stderr: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString("utf8");
      if (text.includes("\n")) resolve(text.trim());
    });
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the provider process ended with ${code}: ${stderr()}`)));
  });
}
