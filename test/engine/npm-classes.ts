import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** Property name to its declared text, such as `serverType: "pulumi.Input<string>"`; a `?` ends an optional name. */
export type Members = Record<string, string>;

/** The classes and interfaces that an npm provider package declares, as its `.d.ts` files say. */
export class NpmClasses {
  readonly classes: Record<string, Members> = {};
  readonly interfaces: Record<string, Members> = {};
  readonly inputTypes: Record<string, Members> = {};
  readonly outputTypes: Record<string, Members> = {};

  constructor(directory: string) {
    for (const name of readdirSync(directory).filter((file) => file.endsWith(".d.ts"))) {
      for (const node of parse(join(directory, name)).statements) this.add(node);
    }
    for (const node of parse(join(directory, "types", "input.d.ts")).statements) interfaceOf(node, this.inputTypes);
    for (const node of parse(join(directory, "types", "output.d.ts")).statements) interfaceOf(node, this.outputTypes);
  }

  private add(node: ts.Statement): void {
    interfaceOf(node, this.interfaces);
    if (!ts.isClassDeclaration(node) || node.name === undefined) return;
    this.classes[node.name.text] = members(node.members.filter(ts.isPropertyDeclaration));
  }
}

function interfaceOf(node: ts.Statement, into: Record<string, Members>): void {
  if (ts.isInterfaceDeclaration(node)) into[node.name.text] = members(node.members.filter(ts.isPropertySignature));
}

function members(nodes: readonly (ts.PropertyDeclaration | ts.PropertySignature)[]): Members {
  const own = nodes.filter((node) => !ts.getModifiers(node as ts.PropertyDeclaration)?.some(isPrivateOrStatic));
  return Object.fromEntries(
    own.map((node) => [`${node.name.getText()}${node.questionToken ? "?" : ""}`, flat(node.type?.getText() ?? "")]),
  );
}

const isPrivateOrStatic = (modifier: ts.Modifier) =>
  modifier.kind === ts.SyntaxKind.StaticKeyword || modifier.kind === ts.SyntaxKind.PrivateKeyword;

const flat = (text: string) => text.replace(/\s+/g, "").replace(/;}/g, "}");

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
}
