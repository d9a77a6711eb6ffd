// Written by .build/schema.ts: the numbers of fields in protobuf, a struct a line, in the order of schema/fields.ts.
// `2.1` is field 1 of the struct that is field 2; `-` is not encoded.
export const numbersText: string = `
authentication.BoundObjectReference 1 2 3 4
authentication.SelfSubjectReview - - 1 2
authentication.SelfSubjectReviewStatus 1
authentication.TokenRequest - - 1 2 3
authentication.TokenRequestSpec 1 4 3
authentication.TokenRequestStatus 1 2
authentication.TokenReview - - 1 2 3
authentication.TokenReviewSpec 1 2
authentication.TokenReviewStatus 1 2 4 3
authentication.UserInfo 1 2 3 4
authorization.FieldSelectorAttributes 1 2
authorization.LabelSelectorAttributes 1 2
authorization.LocalSubjectAccessReview - - 1 2 3
authorization.NonResourceAttributes 1 2
authorization.NonResourceRule 1 2
authorization.ResourceAttributes 1 2 3 4 5 6 7 8 9
authorization.ResourceRule 1 2 3 4
authorization.SelfSubjectAccessReview - - 1 2 3
authorization.SelfSubjectAccessReviewSpec 1 2
authorization.SelfSubjectRulesReview - - 1 2 3
authorization.SelfSubjectRulesReviewSpec 1
authorization.SubjectAccessReview - - 1 2 3
authorization.SubjectAccessReviewSpec 1 2 3 4 5 6
authorization.SubjectAccessReviewStatus 1 4 2 3
authorization.SubjectRulesReviewStatus 1 2 3 4
certificates.CertificateSigningRequest - - 1 2 3
certificates.CertificateSigningRequestCondition 1 6 2 3 4 5
certificates.CertificateSigningRequestSpec 1 7 8 5 2 3 4 6
certificates.CertificateSigningRequestStatus 1 2
coordination.Lease - - 1 2
coordination.LeaseSpec 1 2 3 4 5 6 7
core.AWSElasticBlockStoreVolumeSource 1 2 3 4
core.Affinity 1 2 3
core.AppArmorProfile 1 2
core.AttachedVolume 1 2
core.AzureDiskVolumeSource 1 2 3 4 5 6
core.AzureFilePersistentVolumeSource 1 2 3 4
core.AzureFileVolumeSource 1 2 3
core.Binding - - 1 2
core.CSIPersistentVolumeSource 1 2 3 4 5 6 7 8 9 10
core.CSIVolumeSource 1 2 3 4 5
core.Capabilities 1 2
core.CephFSPersistentVolumeSource 1 2 3 4 5 6
core.CephFSVolumeSource 1 2 3 4 5 6
core.CinderPersistentVolumeSource 1 2 3 4
core.CinderVolumeSource 1 2 3 4
core.ClientIPConfig 1
core.ClusterTrustBundleProjection 1 2 3 5 4
core.ConfigMap - - 1 4 2 3
core.ConfigMapEnvSource 1.1 2
core.ConfigMapKeySelector 1.1 2 3
core.ConfigMapNodeConfigSource 1 2 3 4 5
core.ConfigMapProjection 1.1 2 4
core.ConfigMapVolumeSource 1.1 2 3 4
core.Container 1 2 3 4 5 6 19 7 8 23 24 25 9 21 10 11 22 12 13 20 14 15 16 17 18
core.ContainerExtendedResourceRequest 1 2 3
core.ContainerImage 1 2
core.ContainerPort 1 2 3 4 5
core.ContainerResizePolicy 1 2
core.ContainerRestartRule 1 2
core.ContainerRestartRuleOnExitCodes 1 2
core.ContainerState 1 2 3
core.ContainerStateRunning 1
core.ContainerStateTerminated 1 2 3 4 5 6 7
core.ContainerStateWaiting 1 2
core.ContainerStatus 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
core.ContainerUser 1
core.DaemonEndpoint 1
core.DownwardAPIProjection 1
core.DownwardAPIVolumeFile 1 2 3 4
core.DownwardAPIVolumeSource 1 2
core.EmptyDirVolumeSource 1 2
core.EnvFromSource 1 2 3
core.EnvVar 1 2 3
core.EnvVarSource 1 2 3 4 5
core.EphemeralContainer 1.1 1.2 1.3 1.4 1.5 1.6 1.19 1.7 1.8 1.23 1.24 1.25 1.9 1.21 1.10 1.11 1.22 1.12 1.13 1.20 1.14 1.15 1.16 1.17 1.18 2
core.EphemeralVolumeSource 1
core.Event - - 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
core.EventSeries 1 2
core.EventSource 1 2
core.ExecAction 1
core.FCVolumeSource 1 2 3 4 5
core.FileKeySelector 1 2 3 4
core.FlexPersistentVolumeSource 1 2 3 4 5
core.FlexVolumeSource 1 2 3 4 5
core.FlockerVolumeSource 1 2
core.GCEPersistentDiskVolumeSource 1 2 3 4
core.GRPCAction 1 2
core.GitRepoVolumeSource 1 2 3
core.GlusterfsPersistentVolumeSource 1 2 3 4
core.GlusterfsVolumeSource 1 2 3
core.HTTPGetAction 1 2 3 4 5
core.HTTPHeader 1 2
core.HostAlias 1 2
core.HostIP 1
core.HostPathVolumeSource 1 2
core.ISCSIPersistentVolumeSource 1 2 3 4 5 6 7 8 11 10 12
core.ISCSIVolumeSource 1 2 3 4 5 6 7 8 11 10 12
core.ImageVolumeSource 1 2
core.ImageVolumeStatus 1
core.KeyToPath 1 2 3
core.Lifecycle 1 2 3
core.LifecycleHandler 1 2 3 4
core.LinuxContainerUser 1 2 3
core.LoadBalancerIngress 1 2 3 4
core.LoadBalancerStatus 1
core.LocalObjectReference 1
core.LocalVolumeSource 1 2
core.ModifyVolumeStatus 1 2
core.NFSVolumeSource 1 2 3
core.Namespace - - 1 2 3
core.NamespaceCondition 1 2 4 5 6
core.NamespaceSpec 1
core.NamespaceStatus 1 2
core.Node - - 1 2 3
core.NodeAddress 1 2
core.NodeAffinity 1 2
core.NodeAllocatableResourceClaimStatus 1 2 3
core.NodeCondition 1 2 3 4 5 6
core.NodeConfigSource 2
core.NodeConfigStatus 1 2 3 4
core.NodeDaemonEndpoints 1
core.NodeFeatures 1
core.NodeRuntimeHandler 1 2
core.NodeRuntimeHandlerFeatures 1 2
core.NodeSelector 1
core.NodeSelectorRequirement 1 2 3
core.NodeSelectorTerm 1 2
core.NodeSpec 1 7 3 4 5 6 2
core.NodeStatus 1 2 3 4 5 6 7 8 9 10 11 12 13 14
core.NodeSwapStatus 1
core.NodeSystemInfo 1 2 3 4 5 6 7 8 9 10 11
core.ObjectFieldSelector 1 2
core.ObjectReference 1 2 3 4 5 6 7
core.PersistentVolume - - 1 2 3
core.PersistentVolumeClaim - - 1 2 3
core.PersistentVolumeClaimCondition 1 2 3 4 5 6
core.PersistentVolumeClaimSpec 1 4 2 3 5 6 7 8 9
core.PersistentVolumeClaimStatus 1 2 3 4 5 7 8 9
core.PersistentVolumeClaimTemplate 1 2
core.PersistentVolumeClaimVolumeSource 1 2
core.PersistentVolumeSpec 1 2.1 2.2 2.3 2.4 2.5 2.6 2.7 2.8 2.9 2.10 2.11 2.12 2.13 2.14 2.15 2.16 2.17 2.18 2.19 2.20 2.21 2.22 3 4 5 6 7 8 9 10
core.PersistentVolumeStatus 1 2 3 4
core.PhotonPersistentDiskVolumeSource 1 2
core.Pod - - 1 2 3
core.PodAffinity 1 2
core.PodAffinityTerm 1 2 3 4 5 6
core.PodAntiAffinity 1 2
core.PodCertificateProjection 1 2 3 4 5 6 7
core.PodCondition 1 7 2 3 4 5 6
core.PodDNSConfig 1 2 3
core.PodDNSConfigOption 1 2
core.PodExtendedResourceClaimStatus 1 2
core.PodIP 1
core.PodOS 1
core.PodReadinessGate 1
core.PodResourceClaim 1 3 4
core.PodResourceClaimStatus 1 2
core.PodSchedulingGate 1
core.PodSchedulingGroup 1
core.PodSecurityContext 1 8 2 6 3 4 12 5 7 9 10 11 13
core.PodSpec 1 20 2 34 3 4 5 6 7 8 9 21 10 11 12 13 27 14 15 16 17 18 19 22 23 24 25 26 28 29 30 31 32 33 35 36 37 38 39 40 41 43
core.PodStatus 17 1 2 3 4 11 5 16 6 12 7 10 8 9 13 14 15 18 19 20 21
core.PortStatus 1 2 3
core.PortworxVolumeSource 1 2 3
core.PreferredSchedulingTerm 1 2
core.Probe 1.1 1.2 1.3 1.4 2 3 4 5 6 7
core.ProjectedVolumeSource 1 2
core.QuobyteVolumeSource 1 2 3 4 5 6
core.RBDPersistentVolumeSource 1 2 3 4 5 6 7 8
core.RBDVolumeSource 1 2 3 4 5 6 7 8
core.ResourceClaim 1 2
core.ResourceFieldSelector 1 2 3
core.ResourceHealth 1 2 6
core.ResourceRequirements 1 2 3
core.ResourceStatus 1 2
core.SELinuxOptions 1 2 3 4
core.ScaleIOPersistentVolumeSource 1 2 3 4 5 6 7 8 9 10
core.ScaleIOVolumeSource 1 2 3 4 5 6 7 8 9 10
core.SeccompProfile 1 2
core.Secret - - 1 5 2 4 3
core.SecretEnvSource 1.1 2
core.SecretKeySelector 1.1 2 3
core.SecretProjection 1.1 2 4
core.SecretReference 1 2
core.SecretVolumeSource 1 2 3 4
core.SecurityContext 1 2 3 10 4 8 5 6 7 9 11 12
core.Service - - 1 2 3
core.ServiceAccount - - 1 2 3 4
core.ServiceAccountTokenProjection 1 2 3
core.ServicePort 1 2 6 3 4 5
core.ServiceSpec 1 2 3 18 4 5 7 8 9 10 11 12 13 14 19 17 20 21 22 23
core.ServiceStatus 1 2
core.SessionAffinityConfig 1
core.SleepAction 1
core.StorageOSPersistentVolumeSource 1 2 3 4 5
core.StorageOSVolumeSource 1 2 3 4 5
core.Sysctl 1 2
core.TCPSocketAction 1 2
core.Taint 1 2 3 4
core.Toleration 1 2 3 4 5
core.TopologySpreadConstraint 1 2 3 4 5 6 7 8
core.TypedLocalObjectReference 1 2 3
core.TypedObjectReference 1 2 3 4
core.Volume 1 2.1 2.2 2.3 2.4 2.5 2.6 2.7 2.8 2.9 2.10 2.11 2.12 2.13 2.14 2.15 2.16 2.17 2.18 2.19 2.20 2.21 2.22 2.23 2.26 2.24 2.25 2.27 2.28 2.29 2.30
core.VolumeDevice 1 2
core.VolumeMount 1 2 7 3 4 5 6
core.VolumeMountStatus 1 2 3 4 5
core.VolumeNodeAffinity 1
core.VolumeProjection 1 2 3 4 5 6
core.VolumeResourceRequirements 1 2
core.VolumeStatus 1
core.VsphereVirtualDiskVolumeSource 1 2 3 4
core.WeightedPodAffinityTerm 1 2
core.WindowsSecurityContextOptions 1 2 3 4
events.Event - - 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15
events.EventSeries 1 2
meta.Condition 1 2 3 4 5 6
meta.DeleteOptions - - 1 2 3 4 5 6
meta.FieldSelectorRequirement 1 2 3
meta.LabelSelector 1 2
meta.LabelSelectorRequirement 1 2 3
meta.ManagedFieldsEntry 1 2 3 4 6 7 8
meta.ObjectMeta 1 2 3 4 5 6 7 8 9 10 11 12 13 14 17
meta.OwnerReference 5 1 3 4 6 7
meta.Preconditions 1 2
node.Overhead 1
node.RuntimeClass - - 1 2 3 4
node.Scheduling 1 2
policy.Eviction - - 1 2
rbac.AggregationRule 1
rbac.ClusterRole - - 1 2 3
rbac.ClusterRoleBinding - - 1 2 3
rbac.PolicyRule 1 2 3 4 5
rbac.Role - - 1 2
rbac.RoleBinding - - 1 2 3
rbac.RoleRef 1 2 3
rbac.Subject 1 2 3 4
storage.VolumeAttachment - - 1 2 3
storage.VolumeAttachmentSource 1 2
storage.VolumeAttachmentSpec 1 2 3
storage.VolumeAttachmentStatus 1 2 3 4
storage.VolumeError 1 2 3
`;
