/** Everything that has to do with one message, by variant: declaration, handlers, senders; and which message stands at a place. */
import type { Arm, Dispatch } from "../facts/dispatch.ts";
import type { Variant } from "../facts/message-type.ts";
import type { Placed, ProgramIndex } from "../facts/program-index.ts";
import type { Send } from "../facts/send.ts";
import type { VariantDeclaration } from "../facts/variant-declaration.ts";
import { contains, type FileSpan, type Span } from "../source/span.ts";

export interface MessageHere {
  readonly role: "send" | "handler" | "declaration";
  readonly span: Span;
  /** More than one when the place stands for several. */
  readonly variants: readonly string[];
}

export interface Handler {
  readonly path: string;
  readonly dispatch: Dispatch;
  readonly arm: Arm;
}

export class MessagePlaces {
  readonly #index: ProgramIndex;
  readonly #declarationsIn: (path: string) => readonly VariantDeclaration[];

  /** @param declarationsIn the variants declared in a file, also one without actors. */
  constructor(index: ProgramIndex, declarationsIn: (path: string) => readonly VariantDeclaration[]) {
    this.#index = index;
    this.#declarationsIn = declarationsIn;
  }

  at(path: string, offset: number): MessageHere | undefined {
    const file = this.#index.files.find((one) => one.path === path);
    for (const send of file?.sends ?? []) {
      const span = [send.tagSpan, send.nameSpan].find((one) => one !== undefined && contains(one, offset));
      if (span !== undefined && send.variants !== undefined) return { role: "send", span, variants: send.variants };
    }
    for (const dispatch of file?.dispatches ?? []) {
      const arm = dispatch.arms.find((one) => contains(one.span, offset));
      if (arm !== undefined) return { role: "handler", span: arm.span, variants: variantsOf(dispatch, arm) };
    }
    const declaration = this.#declarationsIn(path).find((one) => contains(one.span, offset));
    return declaration !== undefined && this.variant(declaration.id) !== undefined
      ? { role: "declaration", span: declaration.span, variants: [declaration.id] }
      : undefined;
  }

  handlersOf(variant: string): readonly Handler[] {
    return this.#index.files.flatMap((file) =>
      file.dispatches.flatMap((dispatch) =>
        dispatch.arms
          .filter((arm) => variantsOf(dispatch, arm).includes(variant))
          .map((arm) => ({ path: file.path, dispatch, arm })),
      ),
    );
  }

  sendersOf(variant: string): readonly Placed<Send>[] {
    return this.#index.files.flatMap((file) =>
      file.sends.filter((send) => send.variants?.includes(variant)).map((fact) => ({ path: file.path, fact })),
    );
  }

  declaredIn(path: string): readonly VariantDeclaration[] {
    return this.#declarationsIn(path);
  }

  declarationOf(variant: string): (FileSpan & { readonly declaration: VariantDeclaration }) | undefined {
    const path = variant.slice(0, variant.indexOf("#"));
    const declaration = this.#declarationsIn(path).find((one) => one.id === variant);
    return declaration === undefined ? undefined : { path, span: declaration.span, declaration };
  }

  /** What a protocol says of a variant. */
  variant(id: string): (Variant & { readonly protocol: string }) | undefined {
    for (const { actors } of this.#index.files) {
      for (const { message } of actors) {
        const found = message?.variants.find((one) => one.id === id);
        if (message !== undefined && found !== undefined) return { ...found, protocol: message.name };
      }
    }
    return undefined;
  }
}

export function variantsOf(dispatch: Dispatch, arm: Arm): readonly string[] {
  return dispatch.message.variants.filter((variant) => arm.tags.includes(variant.tag.key)).map((variant) => variant.id);
}
