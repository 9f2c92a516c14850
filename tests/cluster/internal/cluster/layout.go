// Package cluster knows how the parts of the cluster are set up: addresses, files, credentials, settings, first objects and images.
package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
)

// Versions that are linked into the binary.
const (
	KubernetesVersion = "v1.36.3"
	NodeName          = "slipway-node"
)

// First and last port that NodePort services are reachable at from outside.
const (
	FirstNodePort = 30080
	LastNodePort  = 30089
)

// RegistryUser and RegistryPassword open the private repositories of the registry.
const (
	RegistryUser     = "robot"
	RegistryPassword = "robot-password"
)

// Options are what a cluster is started with.
type Options struct {
	Work            string      `json:"work"` // folder, absolute
	Index           int         `json:"index"`
	Node            bool        `json:"node"`
	Kwok            bool        `json:"kwok"`
	OIDC            bool        `json:"oidc"`
	KubeletDefaults bool        `json:"kubeletDefaults"`
	TokenUsers      []TokenUser `json:"tokenUsers"`
}

// TokenUser signs in with a static bearer token.
type TokenUser struct {
	Name   string   `json:"name"`
	Groups []string `json:"groups"`
	Token  string   `json:"token"`
}

// DefaultTokenUsers are the token users of every cluster: one who may do everything, and one who may do nothing until a test binds roles.
func DefaultTokenUsers() []TokenUser {
	return []TokenUser{{Name: "token-admin", Groups: []string{"system:masters"}}, {Name: "token-user"}}
}

// Same tells whether two sets of options ask for the same cluster. Tokens are made at the start.
func (o *Options) Same(other *Options) bool { return o.Describe() == other.Describe() }

// Describe gives the options as they are typed.
func (o *Options) Describe() string {
	words := []string{fmt.Sprintf("--index %d", o.Index)}
	for _, flag := range []struct {
		name string
		set  bool
	}{{"--no-node", !o.Node}, {"--kwok", o.Kwok}, {"--oidc", o.OIDC}, {"--kubelet-defaults", o.KubeletDefaults}} {
		if flag.set {
			words = append(words, flag.name)
		}
	}
	for _, user := range o.TokenUsers {
		words = append(words, "--token-user "+user.Name+"="+strings.Join(user.Groups, ","))
	}
	return strings.Join(words, " ")
}

// Host is the loopback address that the cluster is reachable at from outside. Inside, only the registry and the issuer use it.
func (o *Options) Host() string { return fmt.Sprintf("127.10.%d.1", o.Index) }

// API is the address of the API server from outside.
func (o *Options) API() string { return "https://" + o.Host() + ":6443" }

// Registry is host and port of the image registry, the same from outside and from the node.
func (o *Options) Registry() string { return o.Host() + ":5000" }

// Issuer is the address of the OIDC issuer.
func (o *Options) Issuer() string { return "https://" + o.Host() + ":5556" }

// Cgroup is the name of the cgroup of all pods.
func (o *Options) Cgroup() string {
	sum := sha256.Sum256([]byte(o.Work))
	return fmt.Sprintf("slipway-%d-%s", o.Index, hex.EncodeToString(sum[:4]))
}

func (o *Options) path(parts ...string) string {
	return filepath.Join(append([]string{o.Work}, parts...)...)
}

// The files and folders of the work folder.
func (o *Options) OptionsFile() string        { return o.path("options.json") }
func (o *Options) PIDFile() string            { return o.path("supervisor.pid") }
func (o *Options) StateFile() string          { return o.path("state.json") }
func (o *Options) LockFile() string           { return o.path("lock") }
func (o *Options) ControlSocket() string      { return o.path("control.sock") }
func (o *Options) AdminKubeconfig() string    { return o.path("admin.kubeconfig") }
func (o *Options) Users() string              { return o.path("users") }
func (o *Options) Logs() string               { return o.path("logs") }
func (o *Options) AuditLog() string           { return o.path("logs", "audit.log") }
func (o *Options) CAFile() string             { return o.path("pki", "ca.crt") }
func (o *Options) pki(name string) string     { return o.path("pki", name) }
func (o *Options) etc(name string) string     { return o.path("etc", name) }
func (o *Options) PKI() string                { return o.path("pki") }
func (o *Options) Settings() string           { return o.path("sysctl") }
func (o *Options) kubeconfig(n string) string { return o.path("etc", n+".kubeconfig") }

// Folders are all folders that a running cluster uses, in the order to make them.
func (o *Options) Folders() []string {
	return []string{o.Logs(), o.PKI(), o.Users(), o.path("etc"), o.path("etc", "cni"), o.path("etcd"), o.Settings(), o.path("cert-dir"), o.path("kubelet-plugins")}
}

// Remains are the files and folders to remove after the end. Logs stay for whoever looks for the reason of a failure.
func (o *Options) Remains() []string {
	return []string{o.PKI(), o.Users(), o.path("etc"), o.path("etcd"), o.Settings(), o.path("cert-dir"), o.path("kubelet-plugins"),
		o.AdminKubeconfig(), o.StateFile(), o.ControlSocket(), o.PIDFile(), o.OptionsFile()}
}
