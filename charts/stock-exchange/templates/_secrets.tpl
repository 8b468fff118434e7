{{/* Secrets: made once, kept by every upgrade, or somebody else's. */}}

{{/*
Leaves in `.Made` what this release's own Secrets hold, by name: a dict of `type` and `data`. Made at the first call, so that
all templates of one rendering see the same; what is in the cluster already stays. Call it before looking.
*/}}
{{- define "exchange.makeSecrets" -}}
{{- if not (hasKey . "Made") -}}
{{- $made := dict -}}
{{- if ne .Values.postgresql.mode "external" -}}
{{- range $service := include "exchange.databaseServices" . | splitList " " -}}
{{- if not (index $.Values.postgresql.existingSecrets $service) -}}
{{- $secret := include "exchange.databaseSecret" (list $ $service) -}}
{{- $role := include "exchange.package" $service -}}
{{- $password := include "exchange.keptPassword" (list $ $secret) -}}
{{- $url := printf "postgresql://%s:%s@%s:5432/%s" $role $password (include "exchange.databaseHost" $) $role -}}
{{- $_ := set $made $secret (dict "type" "kubernetes.io/basic-auth" "data" (dict "username" $role "password" $password "url" $url)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and (eq .Values.postgresql.mode "incluster") (not .Values.postgresql.incluster.existingSecret) -}}
{{- $secret := include "exchange.superuserSecret" . -}}
{{- $_ := set $made $secret (dict "type" "Opaque" "data" (dict "password" (include "exchange.keptPassword" (list $ $secret)))) -}}
{{- end -}}
{{- if and (eq .Values.rabbitmq.mode "incluster") (not .Values.rabbitmq.existingSecret) -}}
{{- $secret := include "exchange.brokerSecret" . -}}
{{- $password := include "exchange.keptPassword" (list $ $secret) -}}
{{- $url := printf "amqp://exchange:%s@%s-rabbitmq:5672/exchange" $password (include "exchange.fullname" .) -}}
{{- $_ := set $made $secret (dict "type" "Opaque" "data" (dict "password" $password "url" $url)) -}}
{{- end -}}
{{- if and (eq .Values.redis.mode "incluster") (not .Values.redis.existingSecret) -}}
{{- $secret := include "exchange.cacheSecret" . -}}
{{- $password := include "exchange.keptPassword" (list $ $secret) -}}
{{- $url := printf "redis://:%s@%s-redis:6379/0" $password (include "exchange.fullname" .) -}}
{{- $_ := set $made $secret (dict "type" "Opaque" "data" (dict "password" $password "url" $url)) -}}
{{- end -}}
{{- if not .Values.signingKey.existingSecret -}}
{{- $secret := include "exchange.signingKeySecret" . -}}
{{- $_ := set $made $secret (dict "type" "kubernetes.io/tls" "data" (include "exchange.keptKeyPair" (list $ $secret) | fromJson)) -}}
{{- end -}}
{{- if and .Values.operatorAccount.name (not .Values.operatorAccount.existingSecret) -}}
{{- $secret := include "exchange.operatorSecret" . -}}
{{- $_ := set $made $secret (dict "type" "Opaque" "data" (dict "password" (include "exchange.keptPassword" (list $ $secret)))) -}}
{{- end -}}
{{- $_ := set . "Made" $made -}}
{{- end -}}
{{- end -}}

{{/* The password in a Secret of the cluster, or a new one: letters and digits, for it becomes part of URLs. list $ secret. */}}
{{- define "exchange.keptPassword" -}}
{{- $kept := dig "data" "password" "" (lookup "v1" "Secret" (index . 0).Release.Namespace (index . 1) | default dict) -}}
{{- $kept | b64dec | default (randAlphaNum 32) -}}
{{- end -}}

{{/* The key pair in a Secret of the cluster, or a new one, as JSON of `tls.key` and `tls.crt`. list $ secret. */}}
{{- define "exchange.keptKeyPair" -}}
{{- $kept := dig "data" dict (lookup "v1" "Secret" (index . 0).Release.Namespace (index . 1) | default dict) -}}
{{- if and (hasKey $kept "tls.key") (hasKey $kept "tls.crt") -}}
{{- dict "tls.key" (index $kept "tls.key" | b64dec) "tls.crt" (index $kept "tls.crt" | b64dec) | toJson -}}
{{- else -}}
{{- $pair := genSelfSignedCertWithKey "stock-exchange-tokens" nil nil 36500 (genPrivateKey "ed25519") -}}
{{- dict "tls.key" $pair.Key "tls.crt" $pair.Cert | toJson -}}
{{- end -}}
{{- end -}}

{{/* Names of the Secrets, whoever made them. */}}
{{- define "exchange.databaseSecret" -}}
{{- $root := index . 0 -}}{{- $service := index . 1 -}}
{{- index $root.Values.postgresql.existingSecrets $service | default (printf "%s-%s-database" (include "exchange.fullname" $root) $service) -}}
{{- end -}}

{{- define "exchange.superuserSecret" -}}
{{- .Values.postgresql.incluster.existingSecret | default (printf "%s-postgresql" (include "exchange.fullname" .)) -}}
{{- end -}}

{{- define "exchange.brokerSecret" -}}
{{- if eq .Values.rabbitmq.mode "operator" -}}
{{- include "exchange.fullname" . }}-rabbitmq-default-user
{{- else -}}
{{- .Values.rabbitmq.existingSecret | default (printf "%s-rabbitmq" (include "exchange.fullname" .)) -}}
{{- end -}}
{{- end -}}

{{/* The key of the broker's URL in it: the operator has one of its own. */}}
{{- define "exchange.brokerUrlKey" -}}
{{- ternary "connection_string" "url" (eq .Values.rabbitmq.mode "operator") -}}
{{- end -}}

{{- define "exchange.cacheSecret" -}}
{{- .Values.redis.existingSecret | default (printf "%s-redis" (include "exchange.fullname" .)) -}}
{{- end -}}

{{- define "exchange.signingKeySecret" -}}
{{- .Values.signingKey.existingSecret | default (printf "%s-signing-key" (include "exchange.fullname" .)) -}}
{{- end -}}

{{- define "exchange.operatorSecret" -}}
{{- .Values.operatorAccount.existingSecret | default (printf "%s-operator" (include "exchange.fullname" .)) -}}
{{- end -}}

{{- define "exchange.databaseHost" -}}
{{ include "exchange.fullname" . }}-postgresql{{ if eq .Values.postgresql.mode "cloudnativepg" }}-rw{{ end }}
{{- end -}}

{{/*
A checksum of the Secrets a pod is told of, so that it is replaced when one that this release makes changes. Of somebody
else's only the name can be known. list $ names.
*/}}
{{- define "exchange.secretsChecksum" -}}
{{- $root := index . 0 -}}
{{- $known := include "exchange.makeSecrets" $root -}}
{{- range index . 1 -}}
{{- $known = printf "%s %s %s" $known . (get $root.Made . | toJson) -}}
{{- end -}}
{{- sha256sum $known -}}
{{- end -}}
