import type { Cause } from "../api_error.ts";
import type { JsonObject } from "../object.ts";
import { isAddress } from "./address.ts";
import { invalidValue, invalidValues, required } from "./causes.ts";
import { at, isObject, objectsAt, textAt, textsAt } from "./fields.ts";
import { dnsSubdomain, searchDomain } from "./name_rules.ts";

const noAddress = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

const withoutZeros = (text: string): string =>
  /^\d+(\.\d+){3}$/.test(text) ? text.replace(/\b0+(?=\d)/g, "") : text;

const addressFaults = (path: string, text: string): readonly Cause[] => {
  const fault = /^::ffff:.*\./i.test(text) && isAddress(text)
    ? "must not be an IPv4-mapped IPv6 address"
    : isAddress(text)
    ? undefined
    : isAddress(withoutZeros(text))
    ? "must not have leading 0s"
    : noAddress;
  return fault === undefined ? [] : [invalidValue(path, text, fault)];
};

const maxServers = 3;
const maxSearches = 32;
const maxSearchText = 2_048;

const serverFaults = (config: JsonObject, path: string, isAlone: boolean): readonly Cause[] => {
  const servers = textsAt(config, "nameservers"), place = `${path}.nameservers`;
  const none = "must provide at least one DNS nameserver when `dnsPolicy` is None";
  const many = `must not have more than ${maxServers} nameservers`;
  return [
    ...(isAlone && servers.length === 0 ? [required(place, none)] : []),
    ...(servers.length > maxServers ? [invalidValue(place, servers, many)] : []),
    ...servers.flatMap((server, index) => addressFaults(`${place}[${index}]`, server)),
  ];
};

const searchFaults = (config: JsonObject, path: string): readonly Cause[] => {
  const searches = textsAt(config, "searches"), place = `${path}.searches`;
  const many = `must not have more than ${maxSearches} search paths`;
  const long = `must not have more than ${maxSearchText} characters (including spaces) in the search list`;
  return [
    ...(searches.length > maxSearches ? [invalidValue(place, searches, many)] : []),
    ...(searches.join(" ").length > maxSearchText ? [invalidValue(place, searches, long)] : []),
    ...searches.flatMap((search, index) => invalidValues(`${place}[${index}]`, search, searchDomain(search))),
  ];
};

/** Faults of `spec.dnsConfig`, without which a policy of `None` leaves a pod without names. */
export const dnsFaults = (spec: JsonObject): readonly Cause[] => {
  const config = at(spec, "dnsConfig"), path = "spec.dnsConfig";
  const isAlone = textAt(spec, "dnsPolicy") === "None";
  if (!isObject(config)) {
    return isAlone ? [required(path, "must provide `dnsConfig` when `dnsPolicy` is None")] : [];
  }
  return [
    ...serverFaults(config, path, isAlone),
    ...searchFaults(config, path),
    ...objectsAt(config, "options").flatMap((option, index) =>
      textAt(option, "name") === "" ? [required(`${path}.options[${index}]`, "must not be empty")] : []
    ),
  ];
};

/** Faults of `spec.hostAliases`. */
export const hostAliasFaults = (spec: JsonObject): readonly Cause[] =>
  objectsAt(spec, "hostAliases").flatMap((alias, index) => {
    const path = `spec.hostAliases[${index}]`;
    return [
      ...addressFaults(`${path}.ip`, textAt(alias, "ip")),
      ...textsAt(alias, "hostnames").flatMap((name, at) =>
        invalidValues(`${path}.hostnames[${at}]`, name, dnsSubdomain(name))
      ),
    ];
  });
