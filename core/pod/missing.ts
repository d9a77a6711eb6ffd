/** Something to be told about a pod's inputs, in a Warning event. Never holds a value, only names. */
export interface Notice {
  /** CamelCase, those of the Go Virtual Kubelet: `MandatoryConfigMapNotFound`. */
  readonly reason: string;
  readonly message: string;
}

/** Something that a container cannot start without: it waits. */
export interface Missing {
  /** The container's name. `undefined`: none of the pod can. */
  readonly container: string | undefined;
  /** For people. `undefined`: it has not been read yet, which is no news. */
  readonly message: string | undefined;
}
