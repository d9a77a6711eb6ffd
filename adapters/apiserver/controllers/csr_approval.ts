import { approvals } from "../auth/csr/approver.ts";
import type { Controller } from "./controller.ts";

/** Kubelets' requests for client certificates are approved without a person, as far as roles allow it. */
export const csrApproval: Controller<null> = {
  name: "csr-approval",
  looksAt: ["certificatesigningrequests.certificates.k8s.io"],
  start: null,
  reconcile: (_memory, { state }, changes) => ({
    memory: null,
    requests: changes.length === 0 ? [] : approvals(state),
  }),
};
