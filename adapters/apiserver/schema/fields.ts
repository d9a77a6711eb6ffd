// Written by .build/schema.ts; its grammar is read by schema.ts, a struct a line:
//   name[!: atomic] field[*: pointer][!: always encoded][^: required]:[keys]type[+: granular][~patch strategy@merge key]
//     [=default][%name of the Go type][&embedded struct] …
// `[]` is an atomic list, `[=]` a set, `[a,b]` a list of objects with these keys, `{}` a map, `{!}` an atomic one.
export const fieldsText: string = `
authentication.BoundObjectReference kind:string apiVersion:string name:string uid:string%types.UID
authentication.SelfSubjectReview kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta status!:authentication.SelfSubjectReviewStatus
authentication.SelfSubjectReviewStatus userInfo!:authentication.UserInfo
authentication.TokenRequest kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!:authentication.TokenRequestSpec status!:authentication.TokenRequestStatus
authentication.TokenRequestSpec audiences!:[]string expirationSeconds*!:int64 boundObjectRef*!:authentication.BoundObjectReference
authentication.TokenRequestStatus token!:string expirationTimestamp!:time
authentication.TokenReview kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!^:authentication.TokenReviewSpec status!:authentication.TokenReviewStatus
authentication.TokenReviewSpec token^:string audiences:[]string
authentication.TokenReviewStatus authenticated:bool user!:authentication.UserInfo audiences:[]string error:string
authentication.UserInfo username:string uid:string groups:[]string extra:{}[]string%map[string]v1.ExtraValue
authorization.FieldSelectorAttributes rawSelector:string requirements:[]meta.FieldSelectorRequirement
authorization.LabelSelectorAttributes rawSelector:string requirements:[]meta.LabelSelectorRequirement
authorization.LocalSubjectAccessReview kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!^:authorization.SubjectAccessReviewSpec status!:authorization.SubjectAccessReviewStatus
authorization.NonResourceAttributes path:string verb:string
authorization.NonResourceRule verbs!^:[]string nonResourceURLs:[]string
authorization.ResourceAttributes namespace:string verb:string group:string version:string resource:string subresource:string name:string fieldSelector*:authorization.FieldSelectorAttributes labelSelector*:authorization.LabelSelectorAttributes
authorization.ResourceRule verbs!^:[]string apiGroups:[]string resources:[]string resourceNames:[]string
authorization.SelfSubjectAccessReview kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!^:authorization.SelfSubjectAccessReviewSpec status!:authorization.SubjectAccessReviewStatus
authorization.SelfSubjectAccessReviewSpec resourceAttributes*:authorization.ResourceAttributes nonResourceAttributes*:authorization.NonResourceAttributes
authorization.SelfSubjectRulesReview kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!^:authorization.SelfSubjectRulesReviewSpec status!:authorization.SubjectRulesReviewStatus
authorization.SelfSubjectRulesReviewSpec namespace:string
authorization.SubjectAccessReview kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!^:authorization.SubjectAccessReviewSpec status!:authorization.SubjectAccessReviewStatus
authorization.SubjectAccessReviewSpec resourceAttributes*:authorization.ResourceAttributes nonResourceAttributes*:authorization.NonResourceAttributes user:string groups:[]string extra:{}[]string%map[string]v1.ExtraValue uid:string
authorization.SubjectAccessReviewStatus allowed!^:bool denied:bool reason:string evaluationError:string
authorization.SubjectRulesReviewStatus resourceRules!^:[]authorization.ResourceRule nonResourceRules!^:[]authorization.NonResourceRule incomplete!^:bool evaluationError:string
certificates.CertificateSigningRequest kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!^:certificates.CertificateSigningRequestSpec status!:certificates.CertificateSigningRequestStatus
certificates.CertificateSigningRequestCondition type!^:string%v1.RequestConditionType status!^:string%v1.ConditionStatus reason:string message:string lastUpdateTime!:time lastTransitionTime!:time
certificates.CertificateSigningRequestSpec request!^:bytes signerName!^:string expirationSeconds*:int32 usages:[]string%[]v1.KeyUsage username:string uid:string groups:[]string extra:{}[]string%map[string]v1.ExtraValue
certificates.CertificateSigningRequestStatus conditions:[type]certificates.CertificateSigningRequestCondition certificate:bytes
coordination.Lease kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!:coordination.LeaseSpec
coordination.LeaseSpec holderIdentity*:string leaseDurationSeconds*:int32 acquireTime*:microtime renewTime*:microtime leaseTransitions*:int32 strategy*:string%v1.CoordinatedLeaseStrategy preferredHolder*:string
core.AWSElasticBlockStoreVolumeSource volumeID!^:string fsType:string partition:int32 readOnly:bool
core.Affinity nodeAffinity*:core.NodeAffinity podAffinity*:core.PodAffinity podAntiAffinity*:core.PodAntiAffinity
core.AppArmorProfile type!^:string%v1.AppArmorProfileType localhostProfile*:string
core.AttachedVolume name!^:string%v1.UniqueVolumeName devicePath!^:string
core.AzureDiskVolumeSource diskName!^:string diskURI!^:string cachingMode*:string=ReadWrite%v1.AzureDataDiskCachingMode fsType*:string=ext4 readOnly*:bool kind*:string=Shared%v1.AzureDataDiskKind
core.AzureFilePersistentVolumeSource secretName!^:string shareName!^:string readOnly:bool secretNamespace*!:string
core.AzureFileVolumeSource secretName!^:string shareName!^:string readOnly:bool
core.Binding kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta target!^:core.ObjectReference
core.CSIPersistentVolumeSource driver!^:string volumeHandle!^:string readOnly:bool fsType:string volumeAttributes:{}string controllerPublishSecretRef*:core.SecretReference nodeStageSecretRef*:core.SecretReference nodePublishSecretRef*:core.SecretReference controllerExpandSecretRef*:core.SecretReference nodeExpandSecretRef*:core.SecretReference
core.CSIVolumeSource driver!^:string readOnly*:bool fsType*:string volumeAttributes:{}string nodePublishSecretRef*:core.LocalObjectReference
core.Capabilities add:[]string%[]v1.Capability drop:[]string%[]v1.Capability
core.CephFSPersistentVolumeSource monitors!^:[]string path:string user:string secretFile:string secretRef*:core.SecretReference readOnly:bool
core.CephFSVolumeSource monitors!^:[]string path:string user:string secretFile:string secretRef*:core.LocalObjectReference readOnly:bool
core.CinderPersistentVolumeSource volumeID!^:string fsType:string readOnly:bool secretRef*:core.SecretReference
core.CinderVolumeSource volumeID!^:string fsType:string readOnly:bool secretRef*:core.LocalObjectReference
core.ClientIPConfig timeoutSeconds*:int32
core.ClusterTrustBundleProjection name*:string signerName*:string labelSelector*:meta.LabelSelector optional*:bool path!^:string
core.ConfigMap kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta immutable*:bool data:{}string binaryData:{}bytes
core.ConfigMapEnvSource name:string&LocalObjectReference optional*:bool
core.ConfigMapKeySelector! name:string&LocalObjectReference key!^:string optional*:bool
core.ConfigMapNodeConfigSource namespace!^:string name!^:string uid:string%types.UID resourceVersion:string kubeletConfigKey!^:string
core.ConfigMapProjection name:string&LocalObjectReference items:[]core.KeyToPath optional*:bool
core.ConfigMapVolumeSource name:string&LocalObjectReference items:[]core.KeyToPath defaultMode*:int32 optional*:bool
core.Container name!^:string image:string command:[]string args:[]string workingDir:string ports:[containerPort,protocol]core.ContainerPort~merge@containerPort envFrom:[]core.EnvFromSource env:[name]core.EnvVar~merge@name resources!:core.ResourceRequirements resizePolicy:[]core.ContainerResizePolicy restartPolicy*:string%v1.ContainerRestartPolicy restartPolicyRules:[]core.ContainerRestartRule volumeMounts:[mountPath]core.VolumeMount~merge@mountPath volumeDevices:[devicePath]core.VolumeDevice~merge@devicePath livenessProbe*:core.Probe readinessProbe*:core.Probe startupProbe*:core.Probe lifecycle*:core.Lifecycle terminationMessagePath:string terminationMessagePolicy:string%v1.TerminationMessagePolicy imagePullPolicy:string%v1.PullPolicy securityContext*:core.SecurityContext stdin:bool stdinOnce:bool tty:bool
core.ContainerExtendedResourceRequest containerName!^:string resourceName!^:string requestName!^:string
core.ContainerImage names!:[]string sizeBytes:int64
core.ContainerPort name:string hostPort:int32 containerPort!^:int32 protocol:string=TCP%v1.Protocol hostIP:string
core.ContainerResizePolicy resourceName!^:string%v1.ResourceName restartPolicy!^:string%v1.ResourceResizeRestartPolicy
core.ContainerRestartRule action^:string%v1.ContainerRestartRuleAction exitCodes*:core.ContainerRestartRuleOnExitCodes
core.ContainerRestartRuleOnExitCodes operator^:string%v1.ContainerRestartRuleOnExitCodesOperator values:[=]int32
core.ContainerState waiting*:core.ContainerStateWaiting running*:core.ContainerStateRunning terminated*:core.ContainerStateTerminated
core.ContainerStateRunning startedAt!:time
core.ContainerStateTerminated exitCode!^:int32 signal:int32 reason:string message:string startedAt!:time finishedAt!:time containerID:string
core.ContainerStateWaiting reason:string message:string
core.ContainerStatus name!^:string state!:core.ContainerState lastState!:core.ContainerState ready!^:bool restartCount!^:int32 image!^:string imageID!^:string containerID:string started*:bool allocatedResources:{}quantity%v1.ResourceList resources*:core.ResourceRequirements volumeMounts:[mountPath]core.VolumeMountStatus~merge@mountPath user*:core.ContainerUser allocatedResourcesStatus:[name]core.ResourceStatus~merge@name stopSignal*:string%v1.Signal
core.ContainerUser linux*:core.LinuxContainerUser
core.DaemonEndpoint Port!^:int32
core.DownwardAPIProjection items:[]core.DownwardAPIVolumeFile
core.DownwardAPIVolumeFile path!^:string fieldRef*:core.ObjectFieldSelector resourceFieldRef*:core.ResourceFieldSelector mode*:int32
core.DownwardAPIVolumeSource items:[]core.DownwardAPIVolumeFile defaultMode*:int32
core.EmptyDirVolumeSource medium:string%v1.StorageMedium sizeLimit*:quantity
core.EnvFromSource prefix:string configMapRef*:core.ConfigMapEnvSource secretRef*:core.SecretEnvSource
core.EnvVar name!^:string value:string valueFrom*:core.EnvVarSource
core.EnvVarSource fieldRef*:core.ObjectFieldSelector resourceFieldRef*:core.ResourceFieldSelector configMapKeyRef*:core.ConfigMapKeySelector secretKeyRef*:core.SecretKeySelector fileKeyRef*:core.FileKeySelector
core.EphemeralContainer name!^:string&EphemeralContainerCommon image:string&EphemeralContainerCommon command:[]string&EphemeralContainerCommon args:[]string&EphemeralContainerCommon workingDir:string&EphemeralContainerCommon ports:[containerPort,protocol]core.ContainerPort~merge@containerPort&EphemeralContainerCommon envFrom:[]core.EnvFromSource&EphemeralContainerCommon env:[name]core.EnvVar~merge@name&EphemeralContainerCommon resources!:core.ResourceRequirements&EphemeralContainerCommon resizePolicy:[]core.ContainerResizePolicy&EphemeralContainerCommon restartPolicy*:string%v1.ContainerRestartPolicy&EphemeralContainerCommon restartPolicyRules:[]core.ContainerRestartRule&EphemeralContainerCommon volumeMounts:[mountPath]core.VolumeMount~merge@mountPath&EphemeralContainerCommon volumeDevices:[devicePath]core.VolumeDevice~merge@devicePath&EphemeralContainerCommon livenessProbe*:core.Probe&EphemeralContainerCommon readinessProbe*:core.Probe&EphemeralContainerCommon startupProbe*:core.Probe&EphemeralContainerCommon lifecycle*:core.Lifecycle&EphemeralContainerCommon terminationMessagePath:string&EphemeralContainerCommon terminationMessagePolicy:string%v1.TerminationMessagePolicy&EphemeralContainerCommon imagePullPolicy:string%v1.PullPolicy&EphemeralContainerCommon securityContext*:core.SecurityContext&EphemeralContainerCommon stdin:bool&EphemeralContainerCommon stdinOnce:bool&EphemeralContainerCommon tty:bool&EphemeralContainerCommon targetContainerName:string
core.EphemeralVolumeSource volumeClaimTemplate*:core.PersistentVolumeClaimTemplate
core.Event kind:string&TypeMeta apiVersion:string&TypeMeta metadata!^:meta.ObjectMeta involvedObject!^:core.ObjectReference reason:string message:string source!:core.EventSource firstTimestamp!:time lastTimestamp!:time count:int32 type:string eventTime!:microtime series*:core.EventSeries action:string related*:core.ObjectReference reportingComponent!:string reportingInstance!:string
core.EventSeries count:int32 lastObservedTime!:microtime
core.EventSource component:string host:string
core.ExecAction command:[]string
core.FCVolumeSource targetWWNs:[]string lun*:int32 fsType:string readOnly:bool wwids:[]string
core.FileKeySelector! volumeName!^:string path!^:string key!^:string optional*:bool
core.FlexPersistentVolumeSource driver!^:string fsType:string secretRef*:core.SecretReference readOnly:bool options:{}string
core.FlexVolumeSource driver!^:string fsType:string secretRef*:core.LocalObjectReference readOnly:bool options:{}string
core.FlockerVolumeSource datasetName:string datasetUUID:string
core.GCEPersistentDiskVolumeSource pdName!^:string fsType:string partition:int32 readOnly:bool
core.GRPCAction port!^:int32 service*!:string
core.GitRepoVolumeSource repository!^:string revision:string directory:string
core.GlusterfsPersistentVolumeSource endpoints!^:string path!^:string readOnly:bool endpointsNamespace*:string
core.GlusterfsVolumeSource endpoints!^:string path!^:string readOnly:bool
core.HTTPGetAction path:string port!^:intstr host:string scheme:string%v1.URIScheme httpHeaders:[]core.HTTPHeader
core.HTTPHeader name!^:string value!^:string
core.HostAlias ip!^:string hostnames:[]string
core.HostIP ip!^:string
core.HostPathVolumeSource path!^:string type*:string%v1.HostPathType
core.ISCSIPersistentVolumeSource targetPortal!^:string iqn!^:string lun!^:int32 iscsiInterface:string=default fsType:string readOnly:bool portals:[]string chapAuthDiscovery:bool chapAuthSession:bool secretRef*:core.SecretReference initiatorName*:string
core.ISCSIVolumeSource targetPortal!^:string iqn!^:string lun!^:int32 iscsiInterface:string=default fsType:string readOnly:bool portals:[]string chapAuthDiscovery:bool chapAuthSession:bool secretRef*:core.LocalObjectReference initiatorName*:string
core.ImageVolumeSource reference:string pullPolicy:string%v1.PullPolicy
core.ImageVolumeStatus imageRef^:string
core.KeyToPath key!^:string path!^:string mode*:int32
core.Lifecycle postStart*:core.LifecycleHandler preStop*:core.LifecycleHandler stopSignal*:string%v1.Signal
core.LifecycleHandler exec*:core.ExecAction httpGet*:core.HTTPGetAction tcpSocket*:core.TCPSocketAction sleep*:core.SleepAction
core.LinuxContainerUser uid!^:int64 gid!^:int64 supplementalGroups:[]int64
core.LoadBalancerIngress ip:string hostname:string ipMode*:string%v1.LoadBalancerIPMode ports:[]core.PortStatus
core.LoadBalancerStatus ingress:[]core.LoadBalancerIngress
core.LocalObjectReference! name:string
core.LocalVolumeSource path!^:string fsType*:string
core.ModifyVolumeStatus targetVolumeAttributesClassName:string status!^:string%v1.PersistentVolumeClaimModifyVolumeStatus
core.NFSVolumeSource server!^:string path!^:string readOnly:bool
core.Namespace kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!:core.NamespaceSpec status!:core.NamespaceStatus
core.NamespaceCondition type!^:string%v1.NamespaceConditionType status!^:string%v1.ConditionStatus lastTransitionTime!:time reason:string message:string
core.NamespaceSpec finalizers:[]string%[]v1.FinalizerName
core.NamespaceStatus phase:string%v1.NamespacePhase conditions:[type]core.NamespaceCondition~merge@type
core.Node kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!:core.NodeSpec status!:core.NodeStatus
core.NodeAddress type!^:string%v1.NodeAddressType address!^:string
core.NodeAffinity requiredDuringSchedulingIgnoredDuringExecution*:core.NodeSelector preferredDuringSchedulingIgnoredDuringExecution:[]core.PreferredSchedulingTerm
core.NodeAllocatableResourceClaimStatus resourceClaimName!^:string containers:[=]string resources!^:{}quantity%map[v1.ResourceName]resource.Quantity
core.NodeCondition type!^:string%v1.NodeConditionType status!^:string%v1.ConditionStatus lastHeartbeatTime!:time lastTransitionTime!:time reason:string message:string
core.NodeConfigSource configMap*:core.ConfigMapNodeConfigSource
core.NodeConfigStatus assigned*:core.NodeConfigSource active*:core.NodeConfigSource lastKnownGood*:core.NodeConfigSource error:string
core.NodeDaemonEndpoints kubeletEndpoint!:core.DaemonEndpoint
core.NodeFeatures supplementalGroupsPolicy*:bool
core.NodeRuntimeHandler name!:string features*:core.NodeRuntimeHandlerFeatures
core.NodeRuntimeHandlerFeatures recursiveReadOnlyMounts*:bool userNamespaces*:bool
core.NodeSelector! nodeSelectorTerms!^:[]core.NodeSelectorTerm
core.NodeSelectorRequirement key!^:string operator!^:string%v1.NodeSelectorOperator values:[]string
core.NodeSelectorTerm! matchExpressions:[]core.NodeSelectorRequirement matchFields:[]core.NodeSelectorRequirement
core.NodeSpec podCIDR:string podCIDRs:[=]string~merge providerID:string unschedulable:bool taints:[]core.Taint configSource*:core.NodeConfigSource externalID:string
core.NodeStatus capacity:{}quantity%v1.ResourceList allocatable:{}quantity%v1.ResourceList phase:string%v1.NodePhase conditions:[type]core.NodeCondition~merge@type addresses:[type]core.NodeAddress~merge@type daemonEndpoints!:core.NodeDaemonEndpoints nodeInfo!:core.NodeSystemInfo images:[]core.ContainerImage volumesInUse:[]string%[]v1.UniqueVolumeName volumesAttached:[]core.AttachedVolume config*:core.NodeConfigStatus runtimeHandlers:[]core.NodeRuntimeHandler features*:core.NodeFeatures declaredFeatures:[]string
core.NodeSwapStatus capacity*:int64
core.NodeSystemInfo machineID!^:string systemUUID!^:string bootID!^:string kernelVersion!^:string osImage!^:string containerRuntimeVersion!^:string kubeletVersion!^:string kubeProxyVersion!^:string operatingSystem!^:string architecture!^:string swap*:core.NodeSwapStatus
core.ObjectFieldSelector! apiVersion:string fieldPath!^:string
core.ObjectReference! kind:string namespace:string name:string uid:string%types.UID apiVersion:string resourceVersion:string fieldPath:string
core.PersistentVolume kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!:core.PersistentVolumeSpec status!:core.PersistentVolumeStatus
core.PersistentVolumeClaim kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!:core.PersistentVolumeClaimSpec status!:core.PersistentVolumeClaimStatus
core.PersistentVolumeClaimCondition type!^:string%v1.PersistentVolumeClaimConditionType status!^:string%v1.ConditionStatus lastProbeTime!:time lastTransitionTime!:time reason:string message:string
core.PersistentVolumeClaimSpec accessModes:[]string%[]v1.PersistentVolumeAccessMode selector*:meta.LabelSelector resources!:core.VolumeResourceRequirements volumeName:string storageClassName*:string volumeMode*:string%v1.PersistentVolumeMode dataSource*:core.TypedLocalObjectReference dataSourceRef*:core.TypedObjectReference volumeAttributesClassName*:string
core.PersistentVolumeClaimStatus phase:string%v1.PersistentVolumeClaimPhase accessModes:[]string%[]v1.PersistentVolumeAccessMode capacity:{}quantity%v1.ResourceList conditions:[type]core.PersistentVolumeClaimCondition~merge@type allocatedResources:{}quantity%v1.ResourceList allocatedResourceStatuses:{}string%map[v1.ResourceName]v1.ClaimResourceStatus currentVolumeAttributesClassName*:string modifyVolumeStatus*:core.ModifyVolumeStatus
core.PersistentVolumeClaimTemplate metadata!:meta.ObjectMeta spec!^:core.PersistentVolumeClaimSpec
core.PersistentVolumeClaimVolumeSource claimName!^:string readOnly:bool
core.PersistentVolumeSpec capacity:{}quantity%v1.ResourceList gcePersistentDisk*:core.GCEPersistentDiskVolumeSource&PersistentVolumeSource awsElasticBlockStore*:core.AWSElasticBlockStoreVolumeSource&PersistentVolumeSource hostPath*:core.HostPathVolumeSource&PersistentVolumeSource glusterfs*:core.GlusterfsPersistentVolumeSource&PersistentVolumeSource nfs*:core.NFSVolumeSource&PersistentVolumeSource rbd*:core.RBDPersistentVolumeSource&PersistentVolumeSource iscsi*:core.ISCSIPersistentVolumeSource&PersistentVolumeSource cinder*:core.CinderPersistentVolumeSource&PersistentVolumeSource cephfs*:core.CephFSPersistentVolumeSource&PersistentVolumeSource fc*:core.FCVolumeSource&PersistentVolumeSource flocker*:core.FlockerVolumeSource&PersistentVolumeSource flexVolume*:core.FlexPersistentVolumeSource&PersistentVolumeSource azureFile*:core.AzureFilePersistentVolumeSource&PersistentVolumeSource vsphereVolume*:core.VsphereVirtualDiskVolumeSource&PersistentVolumeSource quobyte*:core.QuobyteVolumeSource&PersistentVolumeSource azureDisk*:core.AzureDiskVolumeSource&PersistentVolumeSource photonPersistentDisk*:core.PhotonPersistentDiskVolumeSource&PersistentVolumeSource portworxVolume*:core.PortworxVolumeSource&PersistentVolumeSource scaleIO*:core.ScaleIOPersistentVolumeSource&PersistentVolumeSource local*:core.LocalVolumeSource&PersistentVolumeSource storageos*:core.StorageOSPersistentVolumeSource&PersistentVolumeSource csi*:core.CSIPersistentVolumeSource&PersistentVolumeSource accessModes:[]string%[]v1.PersistentVolumeAccessMode claimRef*:core.ObjectReference+ persistentVolumeReclaimPolicy:string%v1.PersistentVolumeReclaimPolicy storageClassName:string mountOptions:[]string volumeMode*:string%v1.PersistentVolumeMode nodeAffinity*:core.VolumeNodeAffinity volumeAttributesClassName*:string
core.PersistentVolumeStatus phase:string%v1.PersistentVolumePhase message:string reason:string lastPhaseTransitionTime*:time
core.PhotonPersistentDiskVolumeSource pdID!^:string fsType:string
core.Pod kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!:core.PodSpec status!:core.PodStatus
core.PodAffinity requiredDuringSchedulingIgnoredDuringExecution:[]core.PodAffinityTerm preferredDuringSchedulingIgnoredDuringExecution:[]core.WeightedPodAffinityTerm
core.PodAffinityTerm labelSelector*:meta.LabelSelector namespaces:[]string topologyKey!^:string namespaceSelector*:meta.LabelSelector matchLabelKeys:[]string mismatchLabelKeys:[]string
core.PodAntiAffinity requiredDuringSchedulingIgnoredDuringExecution:[]core.PodAffinityTerm preferredDuringSchedulingIgnoredDuringExecution:[]core.WeightedPodAffinityTerm
core.PodCertificateProjection signerName^:string keyType^:string maxExpirationSeconds*:int32 credentialBundlePath:string keyPath:string certificateChainPath:string userAnnotations:{}string
core.PodCondition type!^:string%v1.PodConditionType observedGeneration:int64 status!^:string%v1.ConditionStatus lastProbeTime!:time lastTransitionTime!:time reason:string message:string
core.PodDNSConfig nameservers:[]string searches:[]string options:[]core.PodDNSConfigOption
core.PodDNSConfigOption name:string value*:string
core.PodExtendedResourceClaimStatus requestMappings!^:[]core.ContainerExtendedResourceRequest resourceClaimName!^:string
core.PodIP ip!^:string
core.PodOS name!^:string%v1.OSName
core.PodReadinessGate conditionType!^:string%v1.PodConditionType
core.PodResourceClaim name!^:string resourceClaimName*:string resourceClaimTemplateName*:string
core.PodResourceClaimStatus name!^:string resourceClaimName*:string
core.PodSchedulingGate name!^:string
core.PodSchedulingGroup podGroupName*:string
core.PodSecurityContext seLinuxOptions*:core.SELinuxOptions windowsOptions*:core.WindowsSecurityContextOptions runAsUser*:int64 runAsGroup*:int64 runAsNonRoot*:bool supplementalGroups:[]int64 supplementalGroupsPolicy*:string%v1.SupplementalGroupsPolicy fsGroup*:int64 sysctls:[]core.Sysctl fsGroupChangePolicy*:string%v1.PodFSGroupChangePolicy seccompProfile*:core.SeccompProfile appArmorProfile*:core.AppArmorProfile seLinuxChangePolicy*:string%v1.PodSELinuxChangePolicy
core.PodSpec volumes:[name]core.Volume~merge,retainKeys@name initContainers:[name]core.Container~merge@name containers!^:[name]core.Container~merge@name ephemeralContainers:[name]core.EphemeralContainer~merge@name restartPolicy:string%v1.RestartPolicy terminationGracePeriodSeconds*:int64 activeDeadlineSeconds*:int64 dnsPolicy:string%v1.DNSPolicy nodeSelector:{!}string serviceAccountName:string serviceAccount:string automountServiceAccountToken*:bool nodeName:string hostNetwork:bool hostPID:bool hostIPC:bool shareProcessNamespace*:bool securityContext*:core.PodSecurityContext imagePullSecrets:[name]core.LocalObjectReference~merge@name hostname:string subdomain:string affinity*:core.Affinity schedulerName:string tolerations:[]core.Toleration hostAliases:[ip]core.HostAlias~merge@ip priorityClassName:string priority*:int32 dnsConfig*:core.PodDNSConfig readinessGates:[]core.PodReadinessGate runtimeClassName*:string enableServiceLinks*:bool preemptionPolicy*:string%v1.PreemptionPolicy overhead:{}quantity%v1.ResourceList topologySpreadConstraints:[topologyKey,whenUnsatisfiable]core.TopologySpreadConstraint~merge@topologyKey setHostnameAsFQDN*:bool os*:core.PodOS hostUsers*:bool schedulingGates:[name]core.PodSchedulingGate~merge@name resourceClaims:[name]core.PodResourceClaim~merge,retainKeys@name resources*:core.ResourceRequirements hostnameOverride*:string schedulingGroup*:core.PodSchedulingGroup
core.PodStatus observedGeneration:int64 phase:string%v1.PodPhase conditions:[type]core.PodCondition~merge@type message:string reason:string nominatedNodeName:string hostIP:string hostIPs:[]core.HostIP~merge@ip podIP:string podIPs:[ip]core.PodIP~merge@ip startTime*:time initContainerStatuses:[]core.ContainerStatus containerStatuses:[]core.ContainerStatus qosClass:string%v1.PodQOSClass ephemeralContainerStatuses:[]core.ContainerStatus resize:string%v1.PodResizeStatus resourceClaimStatuses:[name]core.PodResourceClaimStatus~merge,retainKeys@name extendedResourceClaimStatus*:core.PodExtendedResourceClaimStatus allocatedResources:{}quantity%v1.ResourceList resources*:core.ResourceRequirements nodeAllocatableResourceClaimStatuses:[]core.NodeAllocatableResourceClaimStatus
core.PortStatus port!^:int32 protocol!^:string%v1.Protocol error*:string
core.PortworxVolumeSource volumeID!^:string fsType:string readOnly:bool
core.PreferredSchedulingTerm weight!^:int32 preference!^:core.NodeSelectorTerm
core.Probe exec*:core.ExecAction&ProbeHandler httpGet*:core.HTTPGetAction&ProbeHandler tcpSocket*:core.TCPSocketAction&ProbeHandler grpc*:core.GRPCAction&ProbeHandler initialDelaySeconds:int32 timeoutSeconds:int32 periodSeconds:int32 successThreshold:int32 failureThreshold:int32 terminationGracePeriodSeconds*:int64
core.ProjectedVolumeSource sources!:[]core.VolumeProjection defaultMode*:int32
core.QuobyteVolumeSource registry!^:string volume!^:string readOnly:bool user:string group:string tenant:string
core.RBDPersistentVolumeSource monitors!^:[]string image!^:string fsType:string pool:string=rbd user:string=admin keyring:string=/etc/ceph/keyring secretRef*:core.SecretReference readOnly:bool
core.RBDVolumeSource monitors!^:[]string image!^:string fsType:string pool:string=rbd user:string=admin keyring:string=/etc/ceph/keyring secretRef*:core.LocalObjectReference readOnly:bool
core.ResourceClaim name!^:string request:string
core.ResourceFieldSelector! containerName:string resource!^:string divisor!:quantity
core.ResourceHealth resourceID!^:string%v1.ResourceID health:string%v1.ResourceHealthStatus message*:string
core.ResourceRequirements limits:{}quantity%v1.ResourceList requests:{}quantity%v1.ResourceList claims:[name]core.ResourceClaim
core.ResourceStatus name!^:string%v1.ResourceName resources:[resourceID]core.ResourceHealth
core.SELinuxOptions user:string role:string type:string level:string
core.ScaleIOPersistentVolumeSource gateway!^:string system!^:string secretRef*!^:core.SecretReference sslEnabled:bool protectionDomain:string storagePool:string storageMode:string=ThinProvisioned volumeName:string fsType:string=xfs readOnly:bool
core.ScaleIOVolumeSource gateway!^:string system!^:string secretRef*!^:core.LocalObjectReference sslEnabled:bool protectionDomain:string storagePool:string storageMode:string=ThinProvisioned volumeName:string fsType:string=xfs readOnly:bool
core.SeccompProfile type!^:string%v1.SeccompProfileType localhostProfile*:string
core.Secret kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta immutable*:bool data:{}bytes stringData:{}string type:string%v1.SecretType
core.SecretEnvSource name:string&LocalObjectReference optional*:bool
core.SecretKeySelector! name:string&LocalObjectReference key!^:string optional*:bool
core.SecretProjection name:string&LocalObjectReference items:[]core.KeyToPath optional*:bool
core.SecretReference! name:string namespace:string
core.SecretVolumeSource secretName:string items:[]core.KeyToPath defaultMode*:int32 optional*:bool
core.SecurityContext capabilities*:core.Capabilities privileged*:bool seLinuxOptions*:core.SELinuxOptions windowsOptions*:core.WindowsSecurityContextOptions runAsUser*:int64 runAsGroup*:int64 runAsNonRoot*:bool readOnlyRootFilesystem*:bool allowPrivilegeEscalation*:bool procMount*:string%v1.ProcMountType seccompProfile*:core.SeccompProfile appArmorProfile*:core.AppArmorProfile
core.Service kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!:core.ServiceSpec status!:core.ServiceStatus
core.ServiceAccount kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta secrets:[name]core.ObjectReference~merge@name imagePullSecrets:[]core.LocalObjectReference automountServiceAccountToken*:bool
core.ServiceAccountTokenProjection audience:string expirationSeconds*:int64 path!^:string
core.ServicePort name:string protocol:string=TCP%v1.Protocol appProtocol*:string port!^:int32 targetPort!:intstr nodePort:int32
core.ServiceSpec ports:[port,protocol]core.ServicePort~merge@port selector:{!}string clusterIP:string clusterIPs:[]string type:string%v1.ServiceType externalIPs:[]string sessionAffinity:string%v1.ServiceAffinity loadBalancerIP:string loadBalancerSourceRanges:[]string externalName:string externalTrafficPolicy:string%v1.ServiceExternalTrafficPolicy healthCheckNodePort:int32 publishNotReadyAddresses:bool sessionAffinityConfig*:core.SessionAffinityConfig ipFamilies:[]string%[]v1.IPFamily ipFamilyPolicy*:string%v1.IPFamilyPolicy allocateLoadBalancerNodePorts*:bool loadBalancerClass*:string internalTrafficPolicy*:string%v1.ServiceInternalTrafficPolicy trafficDistribution*:string
core.ServiceStatus loadBalancer!:core.LoadBalancerStatus conditions:[type]meta.Condition~merge@type
core.SessionAffinityConfig clientIP*:core.ClientIPConfig
core.SleepAction seconds!^:int64
core.StorageOSPersistentVolumeSource volumeName:string volumeNamespace:string fsType:string readOnly:bool secretRef*:core.ObjectReference
core.StorageOSVolumeSource volumeName:string volumeNamespace:string fsType:string readOnly:bool secretRef*:core.LocalObjectReference
core.Sysctl name!^:string value!^:string
core.TCPSocketAction port!^:intstr host:string
core.Taint key!^:string value:string effect!^:string%v1.TaintEffect timeAdded*:time
core.Toleration key:string operator:string%v1.TolerationOperator value:string effect:string%v1.TaintEffect tolerationSeconds*:int64
core.TopologySpreadConstraint maxSkew!^:int32 topologyKey!^:string whenUnsatisfiable!^:string%v1.UnsatisfiableConstraintAction labelSelector*:meta.LabelSelector minDomains*:int32 nodeAffinityPolicy*:string%v1.NodeInclusionPolicy nodeTaintsPolicy*:string%v1.NodeInclusionPolicy matchLabelKeys:[]string
core.TypedLocalObjectReference! apiGroup*!:string kind!^:string name!^:string
core.TypedObjectReference apiGroup*!:string kind!^:string name!^:string namespace*:string
core.Volume name!^:string hostPath*:core.HostPathVolumeSource&VolumeSource emptyDir*:core.EmptyDirVolumeSource&VolumeSource gcePersistentDisk*:core.GCEPersistentDiskVolumeSource&VolumeSource awsElasticBlockStore*:core.AWSElasticBlockStoreVolumeSource&VolumeSource gitRepo*:core.GitRepoVolumeSource&VolumeSource secret*:core.SecretVolumeSource&VolumeSource nfs*:core.NFSVolumeSource&VolumeSource iscsi*:core.ISCSIVolumeSource&VolumeSource glusterfs*:core.GlusterfsVolumeSource&VolumeSource persistentVolumeClaim*:core.PersistentVolumeClaimVolumeSource&VolumeSource rbd*:core.RBDVolumeSource&VolumeSource flexVolume*:core.FlexVolumeSource&VolumeSource cinder*:core.CinderVolumeSource&VolumeSource cephfs*:core.CephFSVolumeSource&VolumeSource flocker*:core.FlockerVolumeSource&VolumeSource downwardAPI*:core.DownwardAPIVolumeSource&VolumeSource fc*:core.FCVolumeSource&VolumeSource azureFile*:core.AzureFileVolumeSource&VolumeSource configMap*:core.ConfigMapVolumeSource&VolumeSource vsphereVolume*:core.VsphereVirtualDiskVolumeSource&VolumeSource quobyte*:core.QuobyteVolumeSource&VolumeSource azureDisk*:core.AzureDiskVolumeSource&VolumeSource photonPersistentDisk*:core.PhotonPersistentDiskVolumeSource&VolumeSource projected*:core.ProjectedVolumeSource&VolumeSource portworxVolume*:core.PortworxVolumeSource&VolumeSource scaleIO*:core.ScaleIOVolumeSource&VolumeSource storageos*:core.StorageOSVolumeSource&VolumeSource csi*:core.CSIVolumeSource&VolumeSource ephemeral*:core.EphemeralVolumeSource&VolumeSource image*:core.ImageVolumeSource&VolumeSource
core.VolumeDevice name!^:string devicePath!^:string
core.VolumeMount name!^:string readOnly:bool recursiveReadOnly*:string%v1.RecursiveReadOnlyMode mountPath!^:string subPath:string mountPropagation*:string%v1.MountPropagationMode subPathExpr:string
core.VolumeMountStatus name!^:string mountPath!^:string readOnly:bool recursiveReadOnly*:string%v1.RecursiveReadOnlyMode volumeStatus*:core.VolumeStatus
core.VolumeNodeAffinity required*:core.NodeSelector
core.VolumeProjection secret*:core.SecretProjection downwardAPI*:core.DownwardAPIProjection configMap*:core.ConfigMapProjection serviceAccountToken*:core.ServiceAccountTokenProjection clusterTrustBundle*:core.ClusterTrustBundleProjection podCertificate*:core.PodCertificateProjection
core.VolumeResourceRequirements limits:{}quantity%v1.ResourceList requests:{}quantity%v1.ResourceList
core.VolumeStatus image*:core.ImageVolumeStatus
core.VsphereVirtualDiskVolumeSource volumePath!^:string fsType:string storagePolicyName:string storagePolicyID:string
core.WeightedPodAffinityTerm weight!^:int32 podAffinityTerm!^:core.PodAffinityTerm
core.WindowsSecurityContextOptions gmsaCredentialSpecName*:string gmsaCredentialSpec*:string runAsUserName*:string hostProcess*:bool
events.Event kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta eventTime!^:microtime series*:events.EventSeries reportingController:string reportingInstance:string action:string reason:string regarding!:core.ObjectReference related*:core.ObjectReference note:string type:string deprecatedSource!:core.EventSource deprecatedFirstTimestamp!:time deprecatedLastTimestamp!:time deprecatedCount:int32
events.EventSeries count!^:int32 lastObservedTime!^:microtime
meta.Condition type!^:string status!^:string%v1.ConditionStatus observedGeneration:int64 lastTransitionTime!^:time reason!^:string message!^:string
meta.DeleteOptions kind:string&TypeMeta apiVersion:string&TypeMeta gracePeriodSeconds*:int64 preconditions*:meta.Preconditions orphanDependents*:bool propagationPolicy*:string%v1.DeletionPropagation dryRun:[]string ignoreStoreReadErrorWithClusterBreakingPotential*:bool
meta.FieldSelectorRequirement key!^:string operator!^:string%v1.FieldSelectorOperator values:[]string
meta.LabelSelector! matchLabels:{}string matchExpressions:[]meta.LabelSelectorRequirement
meta.LabelSelectorRequirement key!^:string operator!^:string%v1.LabelSelectorOperator values:[]string
meta.ManagedFieldsEntry manager:string operation:string%v1.ManagedFieldsOperationType apiVersion:string time*:time fieldsType:string fieldsV1*:json subresource:string
meta.ObjectMeta name:string generateName:string namespace:string selfLink:string uid:string%types.UID resourceVersion:string generation:int64 creationTimestamp:time deletionTimestamp*:time deletionGracePeriodSeconds*:int64 labels:{}string annotations:{}string ownerReferences:[uid]meta.OwnerReference~merge@uid finalizers:[=]string~merge managedFields:[]meta.ManagedFieldsEntry
meta.OwnerReference! apiVersion!^:string kind!^:string name!^:string uid!^:string%types.UID controller*:bool blockOwnerDeletion*:bool
meta.Preconditions uid*:string%types.UID resourceVersion*:string
node.Overhead podFixed:{}quantity%v1.ResourceList
node.RuntimeClass kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta handler!^:string overhead*:node.Overhead scheduling*:node.Scheduling
node.Scheduling nodeSelector:{!}string tolerations:[]core.Toleration
policy.Eviction kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta deleteOptions*:meta.DeleteOptions
rbac.AggregationRule clusterRoleSelectors:[]meta.LabelSelector
rbac.ClusterRole kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta rules!:[]rbac.PolicyRule aggregationRule*:rbac.AggregationRule
rbac.ClusterRoleBinding kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta subjects:[]rbac.Subject roleRef!^:rbac.RoleRef
rbac.PolicyRule verbs!^:[]string apiGroups:[]string resources:[]string resourceNames:[]string nonResourceURLs:[]string
rbac.Role kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta rules!:[]rbac.PolicyRule
rbac.RoleBinding kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta subjects:[]rbac.Subject roleRef!^:rbac.RoleRef
rbac.RoleRef! apiGroup!:string kind!^:string name!^:string
rbac.Subject! kind!^:string apiGroup:string name!^:string namespace:string
storage.VolumeAttachment kind:string&TypeMeta apiVersion:string&TypeMeta metadata!:meta.ObjectMeta spec!^:storage.VolumeAttachmentSpec status!:storage.VolumeAttachmentStatus
storage.VolumeAttachmentSource persistentVolumeName*:string inlineVolumeSpec*:core.PersistentVolumeSpec
storage.VolumeAttachmentSpec attacher!^:string source!^:storage.VolumeAttachmentSource nodeName!^:string
storage.VolumeAttachmentStatus attached!^:bool attachmentMetadata:{}string attachError*:storage.VolumeError detachError*:storage.VolumeError
storage.VolumeError time!:time message:string errorCode*:int32
`;
