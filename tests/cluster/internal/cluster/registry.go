package cluster

import (
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"golang.org/x/sync/errgroup"

	"slipway.dev/tests/cluster/demo"
	"slipway.dev/tests/cluster/internal/sandbox"
)

// NewRegistry is an image registry in memory. Repositories under private/ want RegistryUser and RegistryPassword;
// the rest is open. /v2/ asks for the password as well, which is how clients learn the way to sign in; they go on without one.
func NewRegistry() http.Handler {
	images := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, given := r.BasicAuth()
		known := user == RegistryUser && subtle.ConstantTimeCompare([]byte(password), []byte(RegistryPassword)) == 1
		closed := r.URL.Path == "/v2/" || strings.HasPrefix(r.URL.Path, "/v2/private/")
		if (closed || given) && !known {
			w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}`)
			return
		}
		images.ServeHTTP(w, r)
	})
}

// PushImages builds all images and pushes them to the registry at host:port.
func PushImages(ctx context.Context, host string) error {
	busybox, err := sandbox.Busybox()
	if err != nil {
		return err
	}
	layers, err := demo.NewLayers(busybox)
	if err != nil {
		return err
	}
	credentials := &authn.Basic{Username: RegistryUser, Password: RegistryPassword}
	// The first push uploads the layers that all others share.
	if err := push(ctx, layers, host, demo.Pause, credentials); err != nil {
		return err
	}
	var pushes errgroup.Group
	for _, image := range demo.Images() {
		pushes.Go(func() error { return push(ctx, layers, host, image, credentials) })
	}
	return pushes.Wait()
}

func push(ctx context.Context, layers *demo.Layers, host string, image demo.Image, credentials authn.Authenticator) error {
	reference, err := name.ParseReference(host+"/"+image.Name(), name.Insecure)
	if err != nil {
		return fmt.Errorf("name the image %s: %w", image.Name(), err)
	}
	options := []remote.Option{remote.WithContext(ctx), remote.WithAuth(credentials)}
	if image.Arch != "" {
		index, err := layers.Index(image)
		if err == nil {
			err = remote.WriteIndex(reference, index, options...)
		}
		return pushed(reference, err)
	}
	built, err := layers.Build(image)
	if err == nil {
		err = remote.Write(reference, built, options...)
	}
	return pushed(reference, err)
}

func pushed(reference name.Reference, err error) error {
	if err != nil {
		return fmt.Errorf("push the image %s: %w", reference, err)
	}
	return nil
}

// ImageNames lists the demo images as they are pulled.
func (o *Options) ImageNames() []string {
	var names []string
	for _, image := range demo.Images() {
		names = append(names, o.Registry()+"/"+image.Name())
	}
	return names
}
