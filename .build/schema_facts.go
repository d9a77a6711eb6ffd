// Prints, as JSON, how the API's Go types encode: what OpenAPI does not tell. Run by schema.ts.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	authentication "k8s.io/api/authentication/v1"
	authorization "k8s.io/api/authorization/v1"
	certificates "k8s.io/api/certificates/v1"
	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	events "k8s.io/api/events/v1"
	node "k8s.io/api/node/v1"
	policy "k8s.io/api/policy/v1"
	rbac "k8s.io/api/rbac/v1"
	storage "k8s.io/api/storage/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var roots = []any{
	core.Binding{}, core.ConfigMap{}, core.Event{}, core.Namespace{}, core.Node{}, core.PersistentVolume{},
	core.PersistentVolumeClaim{}, core.Pod{}, core.Secret{}, core.Service{}, core.ServiceAccount{},
	authentication.SelfSubjectReview{}, authentication.TokenRequest{}, authentication.TokenReview{},
	authorization.LocalSubjectAccessReview{}, authorization.SelfSubjectAccessReview{},
	authorization.SelfSubjectRulesReview{}, authorization.SubjectAccessReview{},
	certificates.CertificateSigningRequest{}, coordination.Lease{}, events.Event{}, node.RuntimeClass{},
	policy.Eviction{}, rbac.ClusterRole{}, rbac.ClusterRoleBinding{}, rbac.Role{}, rbac.RoleBinding{},
	storage.VolumeAttachment{}, meta.DeleteOptions{},
}

type field struct {
	Name     string `json:"name"`
	Go       string `json:"go"`
	Type     string `json:"type"`
	Shape    string `json:"shape,omitempty"`
	Pointer  bool   `json:"pointer,omitempty"`
	Always   bool   `json:"always,omitempty"`
	Embedded string `json:"embedded,omitempty"`
	Strategy string `json:"strategy,omitempty"`
	Key      string `json:"key,omitempty"`
	Number   string `json:"number,omitempty"`
}

var found = map[string][]field{}

// The one word for a value that is no list and no map.
func atom(t reflect.Type) string {
	switch t.String() {
	case "v1.Time":
		return "time"
	case "v1.MicroTime":
		return "microtime"
	case "resource.Quantity":
		return "quantity"
	case "intstr.IntOrString":
		return "intstr"
	case "v1.FieldsV1", "runtime.RawExtension":
		return "json"
	}
	switch t.Kind() {
	case reflect.Struct:
		visit(t)
		return t.PkgPath() + "." + t.Name()
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes"
		}
		return "[]" + atom(t.Elem())
	case reflect.Ptr:
		return atom(t.Elem())
	}
	return t.Kind().String()
}

// Around fields that protobuf does not encode: kind and apiVersion are told outside of the message.
const none = "-"

// The number of a field in protobuf, with those of the structs around it (2.1); nothing for what is not encoded.
func number(f reflect.StructField, around string) string {
	parts := strings.Split(f.Tag.Get("protobuf"), ",")
	if len(parts) < 2 || around == none {
		return ""
	}
	return around + parts[1]
}

func fieldsOf(t reflect.Type, embedded string, around string) []field {
	all := []field{}
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		if f.Anonymous && name == "" {
			path := f.Name
			if embedded != "" {
				path = embedded + "." + path
			}
			within := none
			if own := number(f, around); own != "" {
				within = own + "."
			}
			all = append(all, fieldsOf(f.Type, path, within)...)
			continue
		}
		goType := f.Type
		pointer := goType.Kind() == reflect.Ptr
		if pointer {
			goType = goType.Elem()
		}
		empty := strings.Contains(options, "omitempty")
		zero := strings.Contains(options, "omitzero")
		isStruct := goType.Kind() == reflect.Struct
		made := field{
			Name: name, Go: goType.String(), Pointer: pointer, Embedded: embedded,
			Always:   !zero && (!empty || (isStruct && !pointer)),
			Strategy: f.Tag.Get("patchStrategy"), Key: f.Tag.Get("patchMergeKey"),
			Number: number(f, around),
		}
		switch {
		case goType.Kind() == reflect.Map:
			made.Shape = "map"
			made.Type = atom(goType.Elem())
		case goType.Kind() == reflect.Slice && goType.Elem().Kind() != reflect.Uint8:
			made.Shape = "list"
			made.Type = atom(goType.Elem())
		default:
			made.Type = atom(goType)
		}
		all = append(all, made)
	}
	return all
}

func visit(t reflect.Type) {
	key := t.PkgPath() + "." + t.Name()
	if _, seen := found[key]; seen {
		return
	}
	found[key] = nil
	found[key] = fieldsOf(t, "", "")
}

func main() {
	for _, root := range roots {
		visit(reflect.TypeOf(root))
	}
	json.NewEncoder(os.Stdout).Encode(found)
}
