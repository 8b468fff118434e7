{{/* A process: one door of one service. Everywhere below: dict "root" $ "service" "user-accounts" "door" "web". */}}

{{/*
The processes there are, as JSON: a list of dicts with service and door. A service has the doors that values.yaml names.
*/}}
{{- define "exchange.processes" -}}
{{- $found := list -}}
{{- range $service, $values := .Values.services -}}
{{- if dig "enabled" true $values -}}
{{- range $door := list "web" "consumer" "relay" "trade" -}}
{{- if hasKey $values $door -}}
{{- $found = append $found (dict "service" $service "door" $door) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- toJson $found -}}
{{- end -}}

{{- define "exchange.processName" -}}
{{ include "exchange.fullname" .root }}-{{ .service }}-{{ .door }}
{{- end -}}

{{/* Its values, as JSON: the service's own over the door's over everybody's. */}}
{{- define "exchange.processValues" -}}
{{- $own := dict -}}
{{- if eq .service "gateway" -}}
{{- $own = .root.Values.gateway.process -}}
{{- else -}}
{{- $own = index .root.Values.services .service .door -}}
{{- end -}}
{{- $ofDoor := dig .door dict .root.Values.doors -}}
{{- mergeOverwrite (deepCopy .root.Values.processes) (deepCopy $ofDoor) (deepCopy $own) | toJson -}}
{{- end -}}

{{/* Whom it calls, as labels that the network policies know: database, broker, cache, gateway. */}}
{{- define "exchange.calls" -}}
{{- $hasDatabase := has .service (include "exchange.databaseServices" .root | splitList " ") -}}
{{- if $hasDatabase -}}
stock-exchange/calls-database: "true"
{{ end -}}
{{- if has .door (list "web" "consumer" "relay") -}}
stock-exchange/calls-broker: "true"
{{ end -}}
{{- if has .door (list "web" "consumer") -}}
stock-exchange/calls-cache: "true"
{{ end -}}
{{- if eq .door "trade" -}}
stock-exchange/calls-gateway: "true"
{{- end }}
{{- end -}}

{{/* The names of the Secrets it is told something of, as JSON. */}}
{{- define "exchange.processSecrets" -}}
{{- $root := .root -}}
{{- $names := list -}}
{{- if has .service (include "exchange.databaseServices" $root | splitList " ") -}}
{{- $names = append $names (include "exchange.databaseSecret" (list $root .service)) -}}
{{- end -}}
{{- if has .door (list "web" "consumer" "relay") -}}
{{- $names = append $names (include "exchange.brokerSecret" $root) -}}
{{- end -}}
{{- if has .door (list "web" "consumer") -}}
{{- $names = append $names (include "exchange.cacheSecret" $root) -}}
{{- end -}}
{{- if include "exchange.keyItems" . -}}
{{- $names = append $names (include "exchange.signingKeySecret" $root) -}}
{{- end -}}
{{- toJson $names -}}
{{- end -}}

{{/*
Its environment, as a list. Chart's words first; settings of the service and of the process win over them, so that
each name is there once. A relay and a wait know nothing of their service, so its settings are not for them.
*/}}
{{- define "exchange.environment" -}}
{{- $root := .root -}}
{{- $env := dict "LOG_LEVEL" (dict "value" $root.Values.logLevel) -}}
{{- $services := include "exchange.databaseServices" $root | splitList " " -}}
{{- if has .service $services -}}
{{- $_ := set $env "DATABASE_URL" (include "exchange.fromSecret" (list (include "exchange.databaseSecret" (list $root .service)) "url") | fromYaml) -}}
{{- end -}}
{{- if has .door (list "web" "consumer" "relay") -}}
{{- $_ := set $env "RABBITMQ_URL" (include "exchange.fromSecret" (list (include "exchange.brokerSecret" $root) (include "exchange.brokerUrlKey" $root)) | fromYaml) -}}
{{- end -}}
{{- if has .door (list "web" "consumer") -}}
{{- $_ := set $env "REDIS_URL" (include "exchange.fromSecret" (list (include "exchange.cacheSecret" $root) "url") | fromYaml) -}}
{{- end -}}
{{- if eq .door "web" -}}
{{- $_ := set $env "HOST" (dict "value" "0.0.0.0") -}}
{{- $_ := set $env "PORT" (dict "value" "8000") -}}
{{- $_ := set $env "PUBLIC_KEY_FILE" (dict "value" "/keys/tls.crt") -}}
{{- $_ := set $env "TRUSTED_PROXIES" (dict "value" (include "exchange.trustedProxies" $root)) -}}
{{- end -}}
{{- if has .door (list "consumer" "relay") -}}
{{- $_ := set $env "HEALTH_HOST" (dict "value" "0.0.0.0") -}}
{{- $_ := set $env "HEALTH_PORT" (dict "value" "8000") -}}
{{- end -}}
{{- $composes := has .door (list "web" "consumer" "migrate" "trade") -}}
{{- if and $composes (eq .service "user-accounts") -}}
{{- $_ := set $env "SIGNING_KEY_FILE" (dict "value" "/keys/tls.key") -}}
{{- if and (eq .door "migrate") $root.Values.operatorAccount.name -}}
{{- $_ := set $env "OPERATOR_NAME" (dict "value" $root.Values.operatorAccount.name) -}}
{{- $_ := set $env "OPERATOR_PASSWORD" (include "exchange.fromSecret" (list (include "exchange.operatorSecret" $root) "password") | fromYaml) -}}
{{- end -}}
{{- end -}}
{{- if eq .door "trade" -}}
{{- $_ := set $env "EXCHANGE_URL" (dict "value" (include "exchange.gatewayUrl" $root)) -}}
{{- $_ := set $env "MARKET_FOLDER" (dict "value" "/data") -}}
{{- end -}}
{{- if $composes -}}
{{- range $name, $text := (index $root.Values.services .service).settings -}}
{{- $_ := set $env $name (dict "value" $text) -}}
{{- end -}}
{{- end -}}
{{- range $name, $text := .settings | default dict -}}
{{- $_ := set $env $name (dict "value" $text) -}}
{{- end -}}
{{- range $name := keys $env | sortAlpha }}
{{- with index $env $name }}
- name: {{ $name }}
{{- if hasKey . "value" }}
  value: {{ .value | quote }}
{{- else }}
  valueFrom: {{- toYaml .valueFrom | nindent 4 }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "exchange.fromSecret" -}}
valueFrom: {secretKeyRef: {name: {{ index . 0 }}, key: {{ index . 1 }}}}
{{- end -}}

{{/* How many proxies a service's web process has in front: the gateway, and who stands in front of that. */}}
{{- define "exchange.trustedProxies" -}}
{{- $outside := .Values.gateway.proxiesInFront | toString -}}
{{- if eq $outside "" -}}
{{- $outside = ternary "1" "0" (or .Values.ingress.enabled .Values.httpRoute.enabled) -}}
{{- end -}}
{{- add 1 (int $outside) -}}
{{- end -}}

{{/* Which halves of the signing key it sees, as a list of files; empty for none. */}}
{{- define "exchange.keyItems" -}}
{{- if and (eq .service "user-accounts") (has .door (list "web" "consumer" "migrate")) -}}
- {key: tls.key, path: tls.key}
{{- end -}}
{{- if eq .door "web" }}
- {key: tls.crt, path: tls.crt}
{{- end -}}
{{- end -}}

{{- define "exchange.keyMount" -}}
{{- if include "exchange.keyItems" . }}
- {name: keys, mountPath: /keys, readOnly: true}
{{- end }}
{{- end -}}

{{- define "exchange.keyVolume" -}}
{{- with include "exchange.keyItems" . }}
- name: keys
  secret:
    secretName: {{ include "exchange.signingKeySecret" $.root }}
    defaultMode: 0440
    items: {{- . | trim | nindent 6 }}
{{- end }}
{{- end -}}

{{/* Waits until the service's database is there and has this version's schema. */}}
{{- define "exchange.waitForSchema" -}}
{{- $root := .root -}}
{{- if has .service (include "exchange.databaseServices" $root | splitList " ") }}
initContainers:
  - name: wait-for-schema
    {{- include "exchange.image" (list $root (index $root.Values.services .service).image) | nindent 4 }}
    args: [wait]
    env: {{- include "exchange.environment" (dict "root" $root "service" .service "door" "wait") | trim | nindent 6 }}
    resources: {{- toYaml $root.Values.waitForSchema.resources | nindent 6 }}
    {{- include "exchange.containerSecurity" $root | nindent 4 }}
    volumeMounts:
      - {name: tmp, mountPath: /tmp}
{{- end }}
{{- end -}}

{{/* How many pods there are at least, whoever scales it: values of a process. */}}
{{- define "exchange.fewestPods" -}}
{{- if .autoscaling.enabled -}}
{{- .autoscaling.minReplicas -}}
{{- else if .keda.enabled -}}
{{- .keda.minReplicas -}}
{{- else -}}
{{- .replicas -}}
{{- end -}}
{{- end -}}

{{/* HorizontalPodAutoscaler and PodDisruptionBudget of a Deployment: list $ name values component [door]. */}}
{{- define "exchange.scaling" -}}
{{- $root := index . 0 -}}{{- $name := index . 1 -}}{{- $values := index . 2 -}}{{- $component := index . 3 -}}
{{- if $values.autoscaling.enabled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $name }}
  namespace: {{ $root.Release.Namespace }}
  labels: {{- include "exchange.labels" (list $root $component) | nindent 4 }}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: {{ $name }}}
  minReplicas: {{ $values.autoscaling.minReplicas }}
  maxReplicas: {{ $values.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: {{ $values.autoscaling.targetCPU }}}
  behavior:
    scaleDown: {stabilizationWindowSeconds: 300}
{{- end }}
{{- if $values.podDisruptionBudget.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  namespace: {{ $root.Release.Namespace }}
  labels: {{- include "exchange.labels" (list $root $component) | nindent 4 }}
spec:
  {{- if ne ($values.podDisruptionBudget.minAvailable | toString) "" }}
  minAvailable: {{ $values.podDisruptionBudget.minAvailable }}
  {{- else }}
  maxUnavailable: {{ $values.podDisruptionBudget.maxUnavailable }}
  {{- end }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{- include "exchange.podSelector" (concat (list $root $component) (slice . 4)) | nindent 6 }}
{{- end }}
{{- end -}}

{{/* KEDA's ScaledObject of a consumer: pods by the messages in each of its queues, of which every shard has one. */}}
{{- define "exchange.keda" -}}
{{- $root := index . 0 -}}{{- $name := index . 1 -}}{{- $values := index . 2 -}}{{- $service := index . 3 }}
---
apiVersion: keda.sh/v1alpha1
kind: TriggerAuthentication
metadata:
  name: {{ $name }}
  namespace: {{ $root.Release.Namespace }}
  labels: {{- include "exchange.labels" (list $root $service) | nindent 4 }}
spec:
  secretTargetRef:
    - parameter: host
      name: {{ include "exchange.brokerSecret" $root }}
      key: {{ include "exchange.brokerUrlKey" $root }}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ $name }}
  namespace: {{ $root.Release.Namespace }}
  labels: {{- include "exchange.labels" (list $root $service) | nindent 4 }}
spec:
  scaleTargetRef: {name: {{ $name }}}
  minReplicaCount: {{ $values.keda.minReplicas }}
  maxReplicaCount: {{ $values.keda.maxReplicas }}
  triggers:
    {{- range $shard := until 8 }}
    - type: rabbitmq
      metadata:
        protocol: amqp
        queueName: {{ include "exchange.package" $service }}.{{ $shard }}
        mode: QueueLength
        value: {{ $values.keda.queueLength | quote }}
      authenticationRef: {name: {{ $name }}}
    {{- end }}
{{- end -}}

{{/* Whether KEDA looks at the broker for any process: "true" or nothing. */}}
{{- define "exchange.isScaledByQueues" -}}
{{- range include "exchange.processes" . | fromJsonArray -}}
{{- $values := include "exchange.processValues" (dict "root" $ "service" .service "door" .door) | fromJson -}}
{{- if $values.keda.enabled }}true{{ end -}}
{{- end -}}
{{- end -}}
