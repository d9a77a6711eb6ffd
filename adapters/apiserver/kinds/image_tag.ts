const component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const host = "[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?";
const pattern = new RegExp(
  `^(?:${host}/)?${component}(?:/${component})*(?::([\\w][\\w.-]{0,127}))?(@[A-Za-z][A-Za-z0-9.+_-]*:[0-9a-fA-F]{32,})?$`,
);

/** How an image that says nothing about it is pulled: `:latest`, also unsaid, may be another one each time. */
export const pullPolicyOf = (image: string): "Always" | "IfNotPresent" => {
  const [whole, tag, digest] = pattern.exec(image) ?? [];
  if (whole === undefined) return "IfNotPresent";
  return (tag ?? (digest === undefined ? "latest" : "")) === "latest" ? "Always" : "IfNotPresent";
};
