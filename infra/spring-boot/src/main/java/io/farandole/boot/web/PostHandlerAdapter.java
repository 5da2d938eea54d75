package io.farandole.boot.web;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.ServletInvocableHandlerMethod;

/**
 * Gives every POST its unit of work, without a word in the controllers. It begins after the arguments are read and
 * validated, so what is refused there costs no transaction.
 */
class PostHandlerAdapter extends RequestMappingHandlerAdapter {

    private final Posts posts;

    PostHandlerAdapter(Posts posts) {
        this.posts = posts;
    }

    @Override
    protected ServletInvocableHandlerMethod createInvocableHandlerMethod(HandlerMethod handlerMethod) {
        return handlerMethod.hasMethodAnnotation(RequestMapping.class)
                ? new OneUnitOfWork(handlerMethod, posts)
                : super.createInvocableHandlerMethod(handlerMethod);
    }

    private static final class OneUnitOfWork extends ServletInvocableHandlerMethod {

        private final Posts posts;

        OneUnitOfWork(HandlerMethod handlerMethod, Posts posts) {
            super(handlerMethod);
            this.posts = posts;
        }

        @Override
        protected @Nullable Object doInvoke(@Nullable Object... args) throws Exception {
            HttpServletRequest request = currentRequest();
            if (request == null || !HttpMethod.POST.matches(request.getMethod())) {
                return super.doInvoke(args);
            }
            return posts.run(request, () -> super.doInvoke(args));
        }

        private static @Nullable HttpServletRequest currentRequest() {
            return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                    ? attributes.getRequest()
                    : null;
        }
    }
}
