/** The parameters of `handleMessage`, as they are written: names and types. */
import { ts } from "ts-morph";

export interface HandlerParameter {
  readonly name: string;
  /** As in the source. */
  readonly type: string;
}

export interface HandlerParameters {
  readonly message: HandlerParameter;
  readonly context: HandlerParameter | undefined;
}

/** @returns `undefined` unless all are plain names with types, and the message's type is a name too. */
export function handlerParameters({ parameters }: ts.MethodDeclaration): HandlerParameters | undefined {
  const [first] = parameters;
  const [message, context] = parameters.map(plainParameter);
  const isNamed = first?.type !== undefined && ts.isTypeReferenceNode(first.type);
  if (message === undefined || !isNamed || parameters.length > 2) return undefined;
  return context === undefined && parameters.length === 2 ? undefined : { message, context };
}

function plainParameter(parameter: ts.ParameterDeclaration): HandlerParameter | undefined {
  const { name, type, initializer, questionToken, dotDotDotToken } = parameter;
  const isPlain = initializer === undefined && questionToken === undefined && dotDotDotToken === undefined;
  return isPlain && ts.isIdentifier(name) && type !== undefined ? { name: name.text, type: type.getText() } : undefined;
}
