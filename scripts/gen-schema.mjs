// `node scripts/gen-schema.mjs [--check]`: writes docs/schema/witness.schema.json and trace.schema.json from the types in
// protocol/, whose comments become the descriptions. With --check nothing is written and a difference is a failure.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const root = path.resolve(import.meta.dirname, "..");
const folder = path.join(root, "docs", "schema");
const check = process.argv.includes("--check");

/** Each schema: the type it describes, and the files of `protocol/` whose types it defines. */
const schemas = [
  {
    name: "witness.schema.json",
    type: "Witness",
    files: ["span", "witness"],
    title: "A witness of Happens Before, version 1: a replayable account of one execution",
  },
  {
    name: "trace.schema.json",
    type: "TraceDocument",
    files: ["finding", "trace"],
    title: "A schedule exported by Happens Before as JSON, version 1",
  },
];

const files = schemas.flatMap((it) => it.files.map((file) => sourcePath(file)));
const program = ts.createProgram(files, {
  strict: true,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
});
const checker = program.getTypeChecker();
const declarations = new Map();
for (const schema of schemas) {
  for (const file of schema.files) {
    program.getSourceFile(sourcePath(file)).forEachChild((it) => {
      if (ts.isInterfaceDeclaration(it) || ts.isTypeAliasDeclaration(it))
        declarations.set(it.name.text, { node: it, schema });
    });
  }
}

const definitions = definitionsFrom(schemas.map((it) => it.type));
const wrong = [];
for (const schema of schemas) {
  const file = path.join(folder, schema.name);
  const text = `${JSON.stringify(documentOf(schema), null, 2)}\n`;
  if (existsSync(file) && sameData(readFileSync(file, "utf8"), text)) continue;
  if (check) wrong.push(path.relative(root, file));
  else writeFileSync(file, text);
}
if (wrong.length > 0) {
  console.error(`Not up to date: ${wrong.join(", ")}. Run: node scripts/gen-schema.mjs`);
  process.exit(1);
}

/** The formatter may lay the file out as it likes. */
function sameData(a, b) {
  return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
}

function documentOf(schema) {
  const own = [...definitions].filter(([name]) => declarations.get(name).schema === schema);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: schema.name,
    title: schema.title,
    allOf: [{ $ref: `#/definitions/${schema.type}` }],
    definitions: Object.fromEntries(own.map(([name, body]) => [name, placed(body, schema)])),
  };
}

/** The schemas of these types and of all that they are made of, by name. */
function definitionsFrom(names) {
  const wanted = new Set(names);
  const found = [];
  // A definition may ask for others; those are appended to the set while it is gone through.
  for (const name of wanted) {
    const { node } = declarations.get(name);
    const body = ts.isInterfaceDeclaration(node) ? objectOf(node) : schemaOf(node.type);
    found.push([name, described(node, body)]);
    for (const used of namesIn(body)) wanted.add(used);
  }
  return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function schemaOf(node) {
  if (ts.isParenthesizedTypeNode(node)) return schemaOf(node.type);
  if (ts.isTypeOperatorNode(node)) return schemaOf(node.type); // readonly
  if (ts.isArrayTypeNode(node)) return { type: "array", items: schemaOf(node.elementType) };
  if (ts.isTupleTypeNode(node)) {
    const items = node.elements.map(schemaOf);
    return { type: "array", items, minItems: items.length, maxItems: items.length };
  }
  if (ts.isTypeLiteralNode(node)) return objectOf(node);
  if (ts.isUnionTypeNode(node)) return unionOf(node);
  if (ts.isLiteralTypeNode(node)) return literalOf(node.literal);
  if (ts.isIndexedAccessTypeNode(node)) return { enum: literalsOf(node) };
  if (ts.isTypeReferenceNode(node)) return { $ref: node.typeName.getText() };
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword:
      return { type: "string" };
    case ts.SyntaxKind.NumberKeyword:
      return { type: "integer" }; // all numbers of the protocol count something
    case ts.SyntaxKind.BooleanKeyword:
      return { type: "boolean" };
    default:
      throw new Error(`no schema for the type ${node.getText()}`);
  }
}

function literalOf(literal) {
  switch (literal.kind) {
    case ts.SyntaxKind.NullKeyword:
      return { type: "null" };
    case ts.SyntaxKind.TrueKeyword:
      return { const: true };
    case ts.SyntaxKind.FalseKeyword:
      return { const: false };
    default:
      return { const: ts.isNumericLiteral(literal) ? Number(literal.text) : literal.text };
  }
}

function unionOf(node) {
  const members = node.types.map(schemaOf);
  const allConstant = members.every((it) => "const" in it);
  return allConstant ? { enum: members.map((it) => it.const) } : { anyOf: members };
}

/** The strings that a type such as `Outcome["kind"]` stands for. */
function literalsOf(node) {
  const type = checker.getTypeFromTypeNode(node);
  const members = type.isUnion() ? type.types : [type];
  if (!members.every((it) => it.isStringLiteral()))
    throw new Error(`not only strings: ${node.getText()}`);
  return members.map((it) => it.value).sort();
}

function objectOf(node) {
  if (node.heritageClauses !== undefined) throw new Error(`${node.name.text} extends another type`);
  const properties = node.members.map((it) => [
    it.name.getText(),
    described(it, schemaOf(it.type)),
  ]);
  const required = node.members
    .filter((it) => it.questionToken === undefined)
    .map((it) => it.name.getText());
  return {
    type: "object",
    additionalProperties: false,
    required,
    properties: Object.fromEntries(properties),
  };
}

/** With the node's comment as description, and its tags, such as `@minimum 0`, as constraints. */
function described(node, body) {
  const comment = ts.getJSDocCommentsAndTags(node).find((it) => ts.isJSDoc(it));
  if (comment === undefined) return body;
  const text = ts.getTextOfJSDocComment(comment.comment) ?? "";
  const description = text.replaceAll(/\s+/g, " ").trim();
  const tags = (comment.tags ?? []).map((it) => [
    it.tagName.text,
    Number(ts.getTextOfJSDocComment(it.comment)),
  ]);
  const more = { ...(description === "" ? {} : { description }), ...Object.fromEntries(tags) };
  // What stands beside a reference is not read.
  return "$ref" in body ? { ...more, allOf: [body] } : { ...more, ...body };
}

function namesIn(body) {
  const found = [];
  JSON.stringify(body, (key, value) => {
    if (key === "$ref") found.push(value);
    return value;
  });
  return found;
}

/** References as pointers into this schema or the other one. */
function placed(body, schema) {
  return JSON.parse(
    JSON.stringify(body, (key, value) => {
      if (key !== "$ref" || value.includes("#")) return value;
      const home = declarations.get(value).schema;
      return `${home === schema ? "" : home.name}#/definitions/${value}`;
    }),
  );
}

function sourcePath(name) {
  return path.join(root, "protocol", `${name}.ts`);
}
