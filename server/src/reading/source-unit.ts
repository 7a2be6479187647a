/** One file under extraction: what every reader of facts is given. */
import type { ts } from "ts-morph";
import type { RuntimePackage } from "./runtime-package.ts";
import type { RuntimeWords } from "./runtime-words.ts";

/** All that readers ask of a type checker: what another compiler would have to answer. */
export type Checker = Pick<
  ts.TypeChecker,
  | "getAliasedSymbol"
  | "getAnyType"
  | "getBaseTypes"
  | "getConstantValue"
  | "getExportsOfModule"
  | "getNonNullableType"
  | "getResolvedSignature"
  | "getShorthandAssignmentValueSymbol"
  | "getSignatureFromDeclaration"
  | "getSymbolAtLocation"
  | "getTypeArguments"
  | "getTypeAtLocation"
  | "getTypeFromTypeNode"
  | "getTypeOfSymbol"
  | "getTypeOfSymbolAtLocation"
  | "getTypePredicateOfSignature"
  | "isArrayType"
  | "isTupleType"
  | "isTypeAssignableTo"
  | "resolveName"
  | "typeToString"
>;

export interface SourceUnit {
  readonly checker: Checker;
  readonly file: ts.SourceFile;
  /** Any file of the program, as it is now. */
  readonly fileOf: (path: string) => ts.SourceFile | undefined;
  readonly runtime: RuntimePackage;
  /** Names that may mean something of the runtime, in this program. */
  readonly runtimeWords: RuntimeWords;
  /** Why a module that a file imports is not found, for people. */
  readonly whyMissing: (specifier: string, from: string) => string;
  /** Other files whose function bodies or values were looked into. */
  readonly reads: Set<string>;
}
