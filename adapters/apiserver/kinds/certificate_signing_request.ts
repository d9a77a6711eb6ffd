import { certificateSigningRequestRules } from "../auth/csr/rules.ts";
import type { Kind } from "../kind.ts";
import { csrCells, csrColumns } from "../table/csr_cells.ts";
import { define, part } from "./define.ts";
import { textAt } from "./fields.ts";
import { metaFaults } from "./meta_rules.ts";
import { pathSegment } from "./name_rules.ts";

const { onCreate, onUpdate, validate } = certificateSigningRequestRules;

export const certificateSigningRequest: Kind = define({
  group: "certificates.k8s.io",
  kind: "CertificateSigningRequest",
  plural: "certificatesigningrequests",
  shortNames: ["csr"],
  namespaced: false,
  subresources: { approval: part, status: part },
  fields: { "spec.signerName": (object) => textAt(object, "spec", "signerName") },
  columns: csrColumns,
  cells: csrCells,
  onCreate,
  onUpdate,
  validate: (object, before, subresource) => [
    ...metaFaults(object, before, { namespaced: false, name: pathSegment }),
    ...validate(object, before, subresource),
  ],
});
