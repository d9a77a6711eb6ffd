// Names and keys as the API server takes them. Each rule gives its messages; none is a good name.

type Rule = (value: string) => readonly string[];

const encoder = new TextEncoder();

export const bytesOf = (text: string): number => encoder.encode(text).length;

const tooLong = (value: string, bytes: number, unit = "characters"): readonly string[] =>
  value.length > bytes / 3 && bytesOf(value) > bytes ? [`must be no more than ${bytes} ${unit}`] : [];

const examplesText = (examples: readonly string[], format: string): string =>
  `(e.g. ${examples.map((one) => `'${one}', `).join(" or ")}regex used for validation is '${format}')`;

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const key = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const configKey = "[-._a-zA-Z0-9]+";
const header = "[-A-Za-z0-9]+";

const whole = (format: string): RegExp => new RegExp(`^(?:${format})$`);
const labelPattern = whole(label);
const subdomainPattern = whole(subdomain);
const keyPattern = whole(key);
const configKeyPattern = whole(configKey);
const headerPattern = whole(header);

/** A label of a domain name (RFC 1123): namespaces, services, containers, volumes. */
export const dnsLabel: Rule = (value) => {
  if (labelPattern.test(value)) return tooLong(value, 63);
  const why = subdomainPattern.test(value)
    ? "must not contain dots"
    : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end " +
      `with an alphanumeric character ${examplesText(["my-name", "123-abc"], label)}`;
  return [...tooLong(value, 63), why];
};

/** A domain name (RFC 1123): pods, nodes, ConfigMaps and most others. */
export const dnsSubdomain: Rule = (value) => [
  ...tooLong(value, 253),
  ...(subdomainPattern.test(value) ? [] : [
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
    `end with an alphanumeric character ${examplesText(["example.com"], subdomain)}`,
  ]),
];

const searched = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const search = `${searched}(\\.${searched})*`;
const searchPattern = whole(search);

/** A domain in which names are searched; one dot at its end, or alone, stands for the root. */
export const searchDomain: Rule = (value) => {
  if (value === ".") return [];
  const name = value.replace(/\.$/, "");
  return [
    ...tooLong(name, 253),
    ...(searchPattern.test(name) ? [] : [
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must " +
      `start and end with an alphanumeric character ${examplesText(["example.com"], search)}`,
    ]),
  ];
};

const keyText = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an " +
  `alphanumeric character ${examplesText(["MyName", "my.name", "123-abc"], key)}`;

const namePart = (name: string): readonly string[] => [
  ...(name === ""
    ? ["name part must be non-empty"]
    : tooLong(name, 63, "bytes").map((text) => `name part ${text}`)),
  ...(keyPattern.test(name) ? [] : [`name part ${keyText}`]),
];

/** A key of labels and annotations, a finalizer, a resource: `[domain/]name`. */
export const qualifiedName: Rule = (value) => {
  const parts = value.split("/");
  const [first = "", second] = parts;
  if (parts.length > 2) {
    return [
      `a valid label key ${keyText} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  if (second === undefined) return namePart(first);
  const prefix = first === ""
    ? ["must be non-empty"]
    : dnsSubdomain(first).map((text) => text.replace(/characters$/, "bytes"));
  return [...prefix.map((text) => `prefix part ${text}`), ...namePart(second)];
};

export const labelValue: Rule = (value) => [
  ...tooLong(value, 63, "bytes"),
  ...(value === "" || keyPattern.test(value) ? [] : [
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start " +
    `and end with an alphanumeric character ${examplesText(["MyValue", "my_value", "12345"], `(${key})?`)}`,
  ]),
];

const noUpwards: Rule = (value) =>
  value === "." || value === ".."
    ? [`must not be '${value}'`]
    : value.startsWith("..")
    ? ["must not start with '..'"]
    : [];

/** A key of a ConfigMap or Secret. */
export const configMapKey: Rule = (value) => [
  ...tooLong(value, 253),
  ...(configKeyPattern.test(value) ? [] : [
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
    examplesText(["key.name", "KEY_NAME", "key-name"], configKey),
  ]),
  ...noUpwards(value),
];

export const envName: Rule = (value) =>
  /^[ -<>-~]+$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];

export const portNumber = (value: number): readonly string[] =>
  value >= 1 && value <= 65535 ? [] : ["must be between 1 and 65535, inclusive"];

/** The name of a port (RFC 6335). */
export const portName: Rule = (value) => [
  ...tooLong(value, 15),
  ...(/^[-a-z0-9]+$/.test(value)
    ? []
    : ["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"]),
  ...(/[a-z]/.test(value) ? [] : ["must contain at least one letter (a-z)"]),
  ...(value.includes("--") ? ["must not contain consecutive hyphens"] : []),
  ...(/^-|-$/.test(value) ? ["must not begin or end with a hyphen"] : []),
];

export const headerName: Rule = (value) =>
  headerPattern.test(value) ? [] : [
    `a valid HTTP header must consist of alphanumeric characters or '-' ${
      examplesText(["X-Header-Name"], header)
    }`,
  ];

/** A name that is a segment of a path and nothing else is asked of it: RBAC, CertificateSigningRequests of signers. */
export const pathSegment: Rule = (value) => {
  if (value === "." || value === "..") return [`may not be '${value}'`];
  return ["/", "%"].filter((mark) => value.includes(mark)).map((mark) => `may not contain '${mark}'`);
};
