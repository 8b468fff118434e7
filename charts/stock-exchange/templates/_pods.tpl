{{/* What pods are made of. */}}

{{/* Every pod is "restricted" by Kubernetes' Pod Security Standards, and has no token. list $ user. */}}
{{- define "exchange.podSecurity" -}}
{{- $root := index . 0 -}}{{- $user := index . 1 -}}
serviceAccountName: {{ include "exchange.serviceAccountName" $root }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ $user }}
  runAsGroup: {{ $user }}
  fsGroup: {{ $user }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "exchange.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{/* A folder in memory, for what is small and nobody misses. */}}
{{- define "exchange.tmpVolume" -}}
- name: tmp
  emptyDir: {medium: Memory, sizeLimit: 64Mi}
{{- end -}}

{{/* Probes on /livez and /readyz of the port `http`; up to five minutes to start, on a machine that is busy. */}}
{{- define "exchange.probes" -}}
startupProbe:
  httpGet: {path: /livez, port: http}
  periodSeconds: 3
  timeoutSeconds: 3
  failureThreshold: 100
readinessProbe:
  httpGet: {path: {{ . }}, port: http}
  periodSeconds: 5
  timeoutSeconds: 4
  failureThreshold: 2
livenessProbe:
  httpGet: {path: /livez, port: http}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end -}}

{{/* Where pods go: list $ process component [door]. */}}
{{- define "exchange.placement" -}}
{{- $root := index . 0 -}}{{- $process := index . 1 -}}
{{- $spread := $process.topologySpread -}}
{{- with $spread.keys }}
topologySpreadConstraints:
{{- range . }}
  - topologyKey: {{ . }}
    maxSkew: 1
    whenUnsatisfiable: {{ $spread.whenUnsatisfiable }}
    labelSelector:
      matchLabels: {{- include "exchange.podSelector" (without $ $process) | nindent 8 }}
    matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end }}
{{- with $process.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $process.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $process.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $process.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/* The volume of a claim that is made, one that is there, or one that goes with the pod: list persistence claim name. */}}
{{- define "exchange.dataVolume" -}}
{{- $persistence := index . 0 -}}
- name: {{ index . 2 }}
{{- if $persistence.enabled }}
  persistentVolumeClaim: {claimName: {{ $persistence.existingClaim | default (index . 1) }}}
{{- else }}
  emptyDir: {}
{{- end }}
{{- end -}}

{{/* The claim of a single server, kept when the release goes: list $ persistence name component. */}}
{{- define "exchange.claim" -}}
{{- $root := index . 0 -}}{{- $persistence := index . 1 -}}
{{- if and $persistence.enabled (not $persistence.existingClaim) }}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ index . 2 }}
  namespace: {{ $root.Release.Namespace }}
  labels: {{- include "exchange.labels" (list $root (index . 3)) | nindent 4 }}
  annotations:
    helm.sh/resource-policy: keep
spec:
  accessModes: [ReadWriteOnce]
  {{- with $persistence.storageClass }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests: {storage: {{ $persistence.size }}}
{{- end }}
{{- end -}}
