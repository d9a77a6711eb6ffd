import type { Json, JsonObject } from "../object.ts";
import type { WatchEvent } from "../watch/watch.ts";

/** Texts that are kept: as many objects, and as many characters of all of them. */
const mostTexts = 1_024;
const mostCharacters = 8_000_000;

/** Makes the text of answers and events. */
export interface JsonTexts {
  /** Of an answer's body. */
  bodyText(body: Json): string;
  /** A line of a watch. */
  eventText(event: WatchEvent): string;
}

const hasVersion = (json: Json): json is JsonObject => {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return false;
  const { metadata } = json as JsonObject;
  return typeof metadata === "object" && metadata !== null &&
    typeof (metadata as JsonObject).resourceVersion === "string";
};

/**
 * Stored objects never change, and an event of one goes to many watches: the text of an object is made once, as long as it
 * is among the last that were told.
 */
export const makeJsonTexts = (): JsonTexts => {
  const texts = new Map<Json, string>();
  let characters = 0;

  const keep = (object: Json, text: string): void => {
    texts.set(object, text);
    characters += text.length;
    for (const [oldest, its] of texts) {
      if (texts.size <= mostTexts && characters <= mostCharacters) return;
      texts.delete(oldest);
      characters -= its.length;
    }
  };

  const eventObject = (object: Json): string => {
    const known = texts.get(object);
    if (known !== undefined) return known;
    const text = JSON.stringify(object);
    if (hasVersion(object)) keep(object, text);
    return text;
  };

  return {
    // what only its writer hears of is not told again
    bodyText: (body) => `${texts.get(body) ?? JSON.stringify(body)}\n`,
    eventText: ({ type, object }) => `{"type":"${type}","object":${eventObject(object)}}\n`,
  };
};
