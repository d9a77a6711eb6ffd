/** A reason with names in it: each `*` of the pattern stands for any text. */
export type Filled<Pattern extends string> = Pattern extends `${infer Head}*${infer Tail}`
  ? `${Head}${string}${Filled<Tail>}`
  : Pattern;
