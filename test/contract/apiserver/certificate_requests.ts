// Requests for certificates (PKCS#10), made once with openssl; their keys are thrown away.

const pem = (body: string): string =>
  `-----BEGIN CERTIFICATE REQUEST-----\n${body}\n-----END CERTIFICATE REQUEST-----\n`;

/** As `spec.request` has it. */
const encoded = (body: string): string => btoa(pem(body));

/** CN=system:node:contract, O=system:nodes. */
export const kubeletClientRequest: string = encoded(
  "MIHxMIGYAgEAMDYxFTATBgNVBAoMDHN5c3RlbTpub2RlczEdMBsGA1UEAwwUc3lzdGVtOm5vZGU6Y29udHJhY3QwWT" +
    "ATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQX0dQRnRW4eQhKbjIN1yDvljAeJRqNjjN4Lg84h2HACtw7XsMpbql1Pqqk" +
    "I45b8iRIgitdtxHRRH7u13irn85qoAAwCgYIKoZIzj0EAwIDSAAwRQIgVDccR1aS4BUMAlDMYb6ZF3hqA+HOQztO34" +
    "P7NONQpV8CIQDysqOaBvMUptKHNksKiyQPlrxT61rTeA/QV+JcVQLIwg==",
);

/** The same with DNS:contract and IP:10.0.0.1. */
export const kubeletServingRequest: string = encoded(
  "MIIBHTCBxAIBADA2MRUwEwYDVQQKDAxzeXN0ZW06bm9kZXMxHTAbBgNVBAMMFHN5c3RlbTpub2RlOmNvbnRyYWN0MF" +
    "kwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJ22awDsbGClYF3/rACs+EvytMl4J36HndKAL140jRP/S6gCWz/3cirN4" +
    "J3nMAWzHJm/P4xvGLQWrShaE0nm2qqAsMCoGCSqGSIb3DQEJDjEdMBswGQYDVR0RBBIwEIIIY29udHJhY3SHBAoAAA" +
    "EwCgYIKoZIzj0EAwIDSAAwRQIhAJXqwa4rOGGPnFir7zawvMGqCmSJqyOI9zMrFhdtTFJgAiACY6vlbzcrpCzVHhPj" +
    "6Rnpln/xMOJLwA8sogjBkwPfbg==",
);

/** CN=dev, O=devs. */
export const userRequest: string = encoded(
  "MIHXMH8CAQAwHTENMAsGA1UECgwEZGV2czEMMAoGA1UEAwwDZGV2MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEPw" +
    "YOy/AY1WFQX1WZPlrnMHVsWhzh23omqItcUWMty9LjyxlLF4JluhZGURDYmssKeY1E0IYcz4VTsTkiNpvLw6AAMAoG" +
    "CCqGSM49BAMCA0gAMEUCIHePwZOwMqcvgsA7CB45wEi2NtsDD0I7lDYB4ofp/8WnAiEA8zqjxAiLm4PieEDc5SLsYY" +
    "B7F84M+cRd4RqYRFwsQng=",
);

/** CN=dev, O=system:masters. */
export const mastersRequest: string = encoded(
  "MIHhMIGJAgEAMCcxFzAVBgNVBAoMDnN5c3RlbTptYXN0ZXJzMQwwCgYDVQQDDANkZXYwWTATBgcqhkjOPQIBBggqhk" +
    "jOPQMBBwNCAARxZyAUOs7WeTFGkLbLMwIF1CAoOLdbBFMbN4/EdiU+0Sw6yxPv4s4VG6YMgwD6aDwp27oGybXHdx3R" +
    "KbZ/PWlyoAAwCgYIKoZIzj0EAwIDRwAwRAIgKYpxvOt/5kmMxOoN4NIEcqNnUTHetLXhFAPLL991NukCIAooS3y7Kl" +
    "DSjEzXRiam/GMDNS4uykoFqUVUbXMYqdk6",
);

/** CN=dev, RSA. */
export const rsaRequest: string = encoded(
  "MIICUzCCATsCAQAwDjEMMAoGA1UEAwwDZGV2MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuWHsRMEkYt" +
    "SEmZV5UuY1qDdQYmi4OOwVp5K3/EaOu6mVKmiCb1iXqmssJlugegam97qjbdlBOehZNrEu6alBgXd6mQaofhnCyb2z" +
    "1l2yL/hf/UFFy344QDV+NLiYDH7MikAkllWiCsev54UEnJBb2JMwiq84v5So4qp3L5WOiTvKMSTjj3vdwF0bYVLIJP" +
    "woTg8ROuYiFmgOmrXBEmy1oO6rdmtsEdlQw+gb5wGaoBKWxt4BZJaRT28jqa+jvmGqN8eYPv+xa0TKH1+e6CBt/VdD" +
    "IOMqTBrSSKnw6hh8J+Uah1b/FPyRas7GoX7zWN3EvXAfEbn7UUFwNCceVetryQIDAQABoAAwDQYJKoZIhvcNAQELBQ" +
    "ADggEBAKBucOM6ACml+tNbJVzpgSGMRmPT31UqOkstgCxalweqe1X3Ebb78XXmi6aCGwRqlXWoPF0BYm8LR3FIHSYq" +
    "Lm83YkbY537gI2Fgas//U9HQNeCU9lRQkUMDFi4HbBFFFj7fBCW7RUeF2F5sXentXNdcUpCYhjT+GANepLfH67ds8j" +
    "F0nPTbvvV4YRlkxEvUeN6Sf3ijQP04qAe8ydJjph4yRiP7HLWLOuIsEfzLe6FZD5BQ8wrSvISiiLodGWhXgB2xMIpJ" +
    "LKJVU1jdb86rh0MKz5188qdES/fFzzLcecBSfNnkMy7+8XsYyLaDjdPQUG2TgveJ3tzsPrga1ILHkbI=",
);

/** CN=dev, P-384. */
export const p384Request: string = encoded(
  "MIIBBjCBjQIBADAOMQwwCgYDVQQDDANkZXYwdjAQBgcqhkjOPQIBBgUrgQQAIgNiAATC1nKJBG62QMwJk4HEIpVnC+" +
    "8x8Or/EmdJf0VsI5fjYdi3XeaJ4VRu+WipNq5dmofAST62cRWvmlsoTuOcQvt6f8GwyoomKWwS+k0c3jiyXVDoznbg" +
    "RvynzORYkbMIC+SgADAKBggqhkjOPQQDAgNoADBlAjEA+CW9o8aUoAzFGrjM1EsHyOLMbl9mQh2VOAx7895SB4inPT" +
    "+k9gM3kRRKViKhYH30AjB/Z1ok8PRnZDpYIt65/bKb6aYR0pKXlO2Zy1DaiTt07e5X0ceBzKDnNfiZCbhQJbY=",
);

/** CN=dev, Ed25519. */
export const ed25519Request: string = encoded(
  "MIGNMEECAQAwDjEMMAoGA1UEAwwDZGV2MCowBQYDK2VwAyEAD1W6SAa84cEynzs0yuxLlRHtAIAXOHxehn0KDxGjpz" +
    "agADAFBgMrZXADQQAMTcFc4fdxS+aqCSaKR8+5qfjB3LFjb+9b1Z6pj97biP0Vxtq7f3P8LGcz6k8DUaAnkDxuqa1O" +
    "PsEGuFryAboO",
);

/** `userRequest` with another signature. */
export const forgedRequest: string = encoded(
  "MIHXMH8CAQAwHTENMAsGA1UECgwEZGV2czEMMAoGA1UEAwwDZGV2MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEPw" +
    "YOy/AY1WFQX1WZPlrnMHVsWhzh23omqItcUWMty9LjyxlLF4JluhZGURDYmssKeY1E0IYcz4VTsTkiNpvLw6AAMAoG" +
    "CCqGSM49BAMCA0gAMEUCIHePwZOwMqcvgsA7CB45wEi2NtsDD0I7lDYB4ofp/8WnAiEA8zqjxAiLm4PieEDc5SLsYY" +
    "B7F84M+cRd4RqYRFwsQnk=",
);
