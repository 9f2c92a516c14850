package pki

import (
	"fmt"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// Kubeconfig is one user of one cluster.
type Kubeconfig struct {
	Cluster  string
	Server   string
	CA       []byte // PEM
	User     string
	AuthInfo api.AuthInfo
}

// Write puts the kubeconfig into a file that only its owner may read.
func (k Kubeconfig) Write(path string) error {
	config := api.NewConfig()
	config.Clusters[k.Cluster] = &api.Cluster{Server: k.Server, CertificateAuthorityData: k.CA}
	config.AuthInfos[k.User] = &k.AuthInfo
	config.Contexts[k.Cluster] = &api.Context{Cluster: k.Cluster, AuthInfo: k.User, Namespace: "default"}
	config.CurrentContext = k.Cluster
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		return fmt.Errorf("write the kubeconfig of %s: %w", k.User, err)
	}
	return nil
}

// AuthInfo is the pair as a kubeconfig user.
func (p *Pair) AuthInfo() api.AuthInfo {
	return api.AuthInfo{ClientCertificateData: p.CertificatePEM(), ClientKeyData: p.KeyPEM()}
}
