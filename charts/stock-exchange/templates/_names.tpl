{{/* Names, labels and images: nowhere else is one put together. */}}

{{/* The start of every object's name. Short enough for the longest end there is (30 characters) within 63. */}}
{{- define "exchange.fullname" -}}
{{- $chart := default .Chart.Name .Values.nameOverride -}}
{{- $name := .Values.fullnameOverride | default (ternary .Release.Name (printf "%s-%s" .Release.Name $chart) (contains $chart .Release.Name)) -}}
{{- if gt (len $name) 32 -}}
{{- printf "%s-%s" ($name | trunc 25 | trimSuffix "-") ($name | sha256sum | trunc 6) -}}
{{- else -}}
{{- $name -}}
{{- end -}}
{{- end -}}

{{/* What tells this release's pods from all others. */}}
{{- define "exchange.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of an object: list $ component. */}}
{{- define "exchange.labels" -}}
{{- $root := index . 0 -}}
{{ include "exchange.podLabels" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* Labels of a pod: those that a new version of the chart leaves alone, so that nothing restarts for a label. list $ component. */}}
{{- define "exchange.podLabels" -}}
{{- $root := index . 0 -}}
{{ include "exchange.selector" $root }}
app.kubernetes.io/component: {{ index . 1 }}
app.kubernetes.io/part-of: stock-exchange
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What selects the pods of one component, or of one door of it: list $ component [door]. */}}
{{- define "exchange.podSelector" -}}
{{ include "exchange.selector" (index . 0) }}
app.kubernetes.io/component: {{ index . 1 }}
{{- if gt (len .) 2 }}
stock-exchange/door: {{ index . 2 }}
{{- end }}
{{- end -}}

{{- define "exchange.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (ternary (include "exchange.fullname" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{/* One of our nine images: list $ image. */}}
{{- define "exchange.image" -}}
{{- $root := index . 0 -}}{{- $image := index . 1 -}}
{{- $registry := $image.registry | default $root.Values.image.registry -}}
image: {{ printf "%s%s:%s" (ternary (printf "%s/" $registry) "" (ne $registry "")) $image.repository ($image.tag | default $root.Values.image.tag | default $root.Chart.AppVersion) | quote }}
imagePullPolicy: {{ $image.pullPolicy | default $root.Values.image.pullPolicy }}
{{- end -}}

{{/* Somebody else's image: image. */}}
{{- define "exchange.serverImage" -}}
image: {{ printf "%s%s:%s" (ternary (printf "%s/" .registry) "" (ne .registry "")) .repository .tag | quote }}
imagePullPolicy: {{ .pullPolicy | default "IfNotPresent" }}
{{- end -}}

{{/* The services with a database, which is named like the service's package. */}}
{{- define "exchange.databaseServices" -}}
user-accounts user-portfolio stock-data stock-ordering order-matching
{{- end -}}

{{/* A service's Python package: order_matching of order-matching. */}}
{{- define "exchange.package" -}}
{{- . | replace "-" "_" -}}
{{- end -}}

{{/* Its database's variable in the tools that look at all of them. */}}
{{- define "exchange.databaseVariable" -}}
DATABASE_URL_{{ include "exchange.package" . | upper }}
{{- end -}}

{{- define "exchange.gatewayUrl" -}}
http://{{ include "exchange.fullname" . }}-gateway:{{ .Values.gateway.service.port }}
{{- end -}}

{{/* Where the gateway finds the web processes: nginx's upstreams, by the names that its routing uses. */}}
{{- define "exchange.upstreams" -}}
{{- $root := . -}}
{{- range $service, $values := .Values.services }}
{{- if hasKey $values "web" }}
upstream {{ include "exchange.package" $service }} {
    server {{ include "exchange.fullname" $root }}-{{ $service }}:8000 max_fails=0;
    keepalive 64;
    keepalive_requests 100000;
    keepalive_timeout 60s;
    keepalive_time 30s;
}
{{- end }}
{{- end }}
{{- end -}}

{{/* How each NetworkPolicy begins: list $ name. */}}
{{- define "exchange.policyHead" -}}
{{- $root := index . 0 -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "exchange.fullname" $root }}-{{ index . 1 }}
  namespace: {{ $root.Release.Namespace }}
  labels: {{- include "exchange.labels" (list $root "network") | nindent 4 }}
{{- end -}}
