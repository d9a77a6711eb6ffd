import * as t from "io-ts";

/** What values of one sort look like: on the command line and in a variable (`text`), and in a file (`data`). */
export interface Kind<A> {
  /** What stands for the value in the help: `FILE`. Empty for a switch. */
  readonly placeholder: string;
  /** What is right, to follow "give": `a whole number from 0 to 65535`. */
  readonly expected: string;
  readonly text: t.Decoder<string, A>;
  readonly data: t.Decoder<unknown, A>;
  /** May be given several times on the command line; the texts are joined with commas. */
  readonly many?: boolean;
  /** What `--no-NAME` stands for; absent: there is no such flag. */
  readonly off?: A;
  /** The value as a person would write it. */
  show(value: A): string;
}

/** A value, or a text that says what is wrong with the input; an empty one when {@link Kind.expected} says it all. */
export type Parsed<A> = { readonly value: A } | { readonly wrong: string };

/** An io-ts decoder from a function that parses. */
export const decoder = <I, A>(name: string, parse: (input: I) => Parsed<A>): t.Decoder<I, A> => {
  const validate: t.Validate<I, A> = (input, context) => {
    const parsed = parse(input);
    return "value" in parsed ? t.success(parsed.value) : t.failure(input, context, parsed.wrong);
  };
  return { name, validate, decode: (input) => validate(input, [{ key: "", type: codec, actual: input }]) };
};

/** What io-ts wants in a context that nobody reads. */
const codec: t.Decoder<any, any> = t.unknown;

/** A kind whose values are texts in files too. */
export const textKind = <A>(
  kind: Omit<Kind<A>, "text" | "data" | "show"> & {
    readonly parse: (text: string) => Parsed<A>;
    readonly show?: (value: A) => string;
  },
): Kind<A> => {
  const { parse, show = String, ...rest } = kind;
  return {
    ...rest,
    show,
    text: decoder(kind.placeholder, parse),
    data: decoder<unknown, A>(
      kind.placeholder,
      (input) => typeof input === "string" ? parse(input) : { wrong: "" },
    ),
  };
};
