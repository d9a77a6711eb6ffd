// What `kubectl explain` tells: a struct or a field, and a sentence or two. Pods as far as people ask most, other kinds in a line.
export const wordsText: string = `
core.Pod One or more containers that run together on one node, and share its network and volumes.
core.Pod.apiVersion The version of the API that this object is written in: v1.
core.Pod.kind What this object is: Pod.
core.Pod.metadata Name, labels and everything else that all objects have.
core.Pod.spec What is to run, and where.
core.Pod.status What is running: written by the node that has the pod.
core.PodSpec What a pod runs, where and how.
core.PodSpec.activeDeadlineSeconds The pod is ended, and has failed, when it is active for longer than this.
core.PodSpec.affinity Rules about the nodes and the other pods that this pod wants to be near to or far from.
core.PodSpec.automountServiceAccountToken Whether the containers get a token of the service account.
core.PodSpec.containers The containers. At least one; which there are cannot be changed later.
core.PodSpec.dnsConfig DNS servers, search domains and options, in addition to those of dnsPolicy.
core.PodSpec.dnsPolicy Where names are looked up: ClusterFirst (default), ClusterFirstWithHostNet, Default or None.
core.PodSpec.enableServiceLinks Whether the services of the namespace are told as environment variables. Default true.
core.PodSpec.ephemeralContainers Containers that were added to look into a running pod, by the subresource ephemeralcontainers.
core.PodSpec.hostAliases Lines for the hosts file of the pod.
core.PodSpec.hostIPC Whether the pod uses the node's IPC namespace.
core.PodSpec.hostNetwork Whether the pod uses the node's network.
core.PodSpec.hostPID Whether the pod sees the node's processes.
core.PodSpec.hostUsers Whether the users in the pod are those of the node. Default true.
core.PodSpec.hostname The name that the pod has for itself. Default: the pod's name.
core.PodSpec.hostnameOverride The name that the pod has for itself, in place of everything else that makes one.
core.PodSpec.imagePullSecrets Secrets with credentials for the registries of the images.
core.PodSpec.initContainers Containers that run before the others, one after the other, each to its end unless it is a sidecar.
core.PodSpec.nodeName The node that the pod is on. A scheduler writes it; once there it stays.
core.PodSpec.nodeSelector Labels that the node must have.
core.PodSpec.os The operating system that the pod is for.
core.PodSpec.overhead What running the pod takes in addition to what its containers ask for.
core.PodSpec.preemptionPolicy Whether pods of lower priority make room for this one: PreemptLowerPriority or Never.
core.PodSpec.priority How important the pod is to schedulers. It follows from priorityClassName.
core.PodSpec.priorityClassName The name of the pod's priority.
core.PodSpec.readinessGates Conditions of others that must be true before the pod is ready.
core.PodSpec.resourceClaims Claims for devices that must be there before the pod starts.
core.PodSpec.resources What the pod as a whole may use and asks for.
core.PodSpec.restartPolicy When containers that have ended are started again: Always (default), OnFailure or Never.
core.PodSpec.runtimeClassName The RuntimeClass that the pod runs with.
core.PodSpec.schedulerName Who finds a node for the pod.
core.PodSpec.schedulingGates While there are any, no scheduler looks at the pod.
core.PodSpec.schedulingGroup The group of pods that this one is scheduled with.
core.PodSpec.securityContext Users, groups and other rights that hold for all containers.
core.PodSpec.serviceAccount An older name of serviceAccountName.
core.PodSpec.serviceAccountName The service account that the pod acts as.
core.PodSpec.setHostnameAsFQDN Whether the name that the pod has for itself is its full domain name.
core.PodSpec.shareProcessNamespace Whether the containers see each other's processes.
core.PodSpec.subdomain With hostname, the pod's full domain name.
core.PodSpec.terminationGracePeriodSeconds How long the containers have to end by themselves when the pod is deleted. Default 30.
core.PodSpec.tolerations Taints of nodes that do not keep the pod away.
core.PodSpec.topologySpreadConstraints How pods like this one are spread over zones, nodes and the like.
core.PodSpec.volumes What containers may mount.
core.PodStatus What the node tells about a pod.
core.PodStatus.conditions Whether the pod is scheduled, initialized, ready and so on, and since when.
core.PodStatus.containerStatuses How each container is doing.
core.PodStatus.ephemeralContainerStatuses How each ephemeral container is doing.
core.PodStatus.hostIP The address of the node.
core.PodStatus.hostIPs The addresses of the node.
core.PodStatus.initContainerStatuses How each init container is doing.
core.PodStatus.message Why the pod is in this state, for people.
core.PodStatus.nominatedNodeName The node where others are making room for the pod.
core.PodStatus.observedGeneration The generation of the pod that this status is about.
core.PodStatus.phase How far the pod is: Pending, Running, Succeeded, Failed or Unknown.
core.PodStatus.podIP The first address of the pod.
core.PodStatus.podIPs The addresses of the pod.
core.PodStatus.qosClass Guaranteed, Burstable or BestEffort: it follows from what the containers ask for.
core.PodStatus.reason Why the pod is in this state, in a word.
core.PodStatus.allocatedResources What the node has set aside for the pod as a whole.
core.PodStatus.extendedResourceClaimStatus The claim that was made for the pod's extended resources.
core.PodStatus.nodeAllocatableResourceClaimStatuses What claims take of the node's own resources.
core.PodStatus.resize Whether a change of resources is under way. Conditions tell it now.
core.PodStatus.resourceClaimStatuses Which claims were made for those of the spec.
core.PodStatus.resources What the pod as a whole uses at most and was promised.
core.PodStatus.startTime When the node has taken the pod.
core.Container A program of a pod, with an image and what it needs.
core.Container.args Arguments, in place of the image's. $(NAME) stands for a variable.
core.Container.command The program and its first arguments, in place of the image's entrypoint.
core.Container.env Environment variables.
core.Container.envFrom ConfigMaps and Secrets of which every entry is an environment variable.
core.Container.image The image, with its registry and tag or digest.
core.Container.imagePullPolicy When the image is fetched: Always, IfNotPresent or Never.
core.Container.lifecycle What is done after the container has started and before it is stopped.
core.Container.livenessProbe How to find out whether the container must be started again.
core.Container.name The container's name, a DNS label that no other container of the pod has.
core.Container.ports Ports that the container listens on; told, not enforced.
core.Container.readinessProbe How to find out whether the container can be sent requests.
core.Container.resizePolicy Which resources can change without a restart.
core.Container.resources What the container may use (limits) and asks for (requests).
core.Container.restartPolicy Of an init container: Always makes a sidecar of it.
core.Container.restartPolicyRules When the container is started again, by its exit code.
core.Container.securityContext User, rights and capabilities of the container.
core.Container.startupProbe How to find out whether the container has started: the other probes wait for it.
core.Container.stdin Whether the container has an open standard input.
core.Container.stdinOnce Whether standard input is closed after the first who was attached to it.
core.Container.terminationMessagePath The file in which the container leaves its last words.
core.Container.terminationMessagePolicy Where last words are read: File, or FallbackToLogsOnError.
core.Container.tty Whether standard input is a terminal.
core.Container.volumeDevices Raw devices of volumes.
core.Container.volumeMounts Where in the container which volumes are.
core.Container.workingDir The directory that the program starts in, in place of the image's.
meta.ObjectMeta What every object has: its name, its labels and the server's own marks.
meta.ObjectMeta.annotations Notes of people and tools; nothing can be selected by them.
meta.ObjectMeta.creationTimestamp When the object was made. Set by the server.
meta.ObjectMeta.deletionGracePeriodSeconds How long after deletionTimestamp was asked for the object is to go.
meta.ObjectMeta.deletionTimestamp When the object is to go. Set by the server when it is deleted.
meta.ObjectMeta.finalizers Who must have done something before the object goes.
meta.ObjectMeta.generateName The beginning of a name that the server completes.
meta.ObjectMeta.generation Counts the changes of what is desired. Set by the server.
meta.ObjectMeta.labels Names and values by which objects are selected.
meta.ObjectMeta.managedFields Who owns which fields. Written by the server.
meta.ObjectMeta.name The name, that no other object of the kind has in its namespace. It stays as it is.
meta.ObjectMeta.namespace The namespace that the object is in. It stays as it is.
meta.ObjectMeta.ownerReferences Objects with which this one goes.
meta.ObjectMeta.resourceVersion The version of the object: another one after every change. Compare it for being equal only.
meta.ObjectMeta.selfLink Not used any more.
meta.ObjectMeta.uid What tells this object from others that had or will have its name. Set by the server.
core.Binding The assignment of a pod to a node.
core.ConfigMap Settings as names and values, for pods to read.
core.Event Something that has happened to an object, for people to read. It is forgotten after an hour.
core.Namespace A part of the cluster with names of its own.
core.Node A machine, or what stands for one, that pods run on.
core.PersistentVolume A piece of storage of the cluster.
core.PersistentVolumeClaim The wish of a namespace for a piece of storage.
core.Secret Like a ConfigMap, for what is not to be seen by everybody.
core.Service One name and address for the pods that a selector finds.
core.ServiceAccount Who the programs in pods are to the API server.
coordination.Lease A mark that its holder renews: that of a node says that the node is alive.
events.Event Something that has happened to an object, for people to read. It is forgotten after an hour.
certificates.CertificateSigningRequest A request for a certificate, that somebody approves and a signer signs.
authentication.SelfSubjectReview The question who asks.
authentication.TokenRequest A request for a token of a service account.
authentication.TokenReview The question whose a token is.
authorization.LocalSubjectAccessReview The question whether somebody may do something in one namespace.
authorization.SelfSubjectAccessReview The question whether the one who asks may do something.
authorization.SelfSubjectRulesReview The question what the one who asks may do in a namespace.
authorization.SubjectAccessReview The question whether somebody may do something.
rbac.ClusterRole A list of what may be done, in the whole cluster or where it is bound.
rbac.ClusterRoleBinding Gives a ClusterRole to users, groups and service accounts, everywhere.
rbac.Role A list of what may be done in one namespace.
rbac.RoleBinding Gives a role to users, groups and service accounts, in one namespace.
storage.VolumeAttachment The attachment of a volume to a node, wanted or done.
node.RuntimeClass A way to run containers that pods may ask for by its name.
policy.Eviction The wish that a pod leaves its node.
`;

const words: ReadonlyMap<string, string> = new Map(
  wordsText.trim().split("\n").map((line) => {
    const end = line.indexOf(" ");
    return [line.slice(0, end), line.slice(end + 1)];
  }),
);

/** What there is to say about a struct (`core.Pod`) or a field (`core.Pod.spec`). */
export const wordsOf = (name: string): string | undefined => words.get(name);
