// What `test/contract/apiserver_memory.test.ts` asks of our API server, asked of the real one.
import { apiServerContract } from "../contract/apiserver/contract.ts";
import { realTarget } from "../contract/apiserver/real.ts";

apiServerContract(await realTarget());
